using Osapi.Transport.Jobs;

namespace Osapi.Transport.Nats;

/// <summary>What things are called on the broker. <c>docs/nats.md</c> lists the names, because permissions are given by them.</summary>
internal sealed class NatsNames(string prefix)
{
    /// <summary>The consumer of a queue that all agents share, and the subject of its messages.</summary>
    public static string ConsumerOf(QueueName queue) => queue switch
    {
        QueueName.Any => Subjects.Any,
        QueueName.Quick => Subjects.Quick,
        _ => throw new ArgumentOutOfRangeException(nameof(queue), queue, "There is no such queue."),
    };

    private readonly string upper = prefix.ToUpperInvariant();

    /// <summary>The bucket of what hosts say of themselves; its stream also takes the stamps of the clock.</summary>
    public string Hosts => field ??= $"{prefix}_hosts";

    /// <summary>The bucket of what operators say of hosts.</summary>
    public string Roster => field ??= $"{prefix}_roster";

    /// <summary>The bucket of large results.</summary>
    public string Results => field ??= $"{prefix}_results";

    /// <summary>The bucket of users' files.</summary>
    public string Files => field ??= $"{prefix}_files";

    /// <summary>What the subjects of signals begin with.</summary>
    public string Signals => field ??= $"{prefix}.signal.";

    /// <summary>What the subjects begin with under which the broker stamps messages for the clock.</summary>
    public string Clock => field ??= $"{prefix}.clock.";

    /// <summary>The stream of a bucket of keys.</summary>
    public static string KeyStream(string bucket) => $"KV_{bucket}";

    /// <summary>What the subjects of a bucket of keys begin with.</summary>
    public static string Keys(string bucket) => $"$KV.{bucket}.";

    /// <summary>The stream of a bucket of objects.</summary>
    public static string ObjectStream(string bucket) => $"OBJ_{bucket}";

    /// <summary>What the subjects of objects' content begin with.</summary>
    public static string Chunks(string bucket) => $"$O.{bucket}.C.";

    /// <summary>What the subjects of objects' descriptions begin with.</summary>
    public static string Descriptions(string bucket) => $"$O.{bucket}.M.";

    /// <summary>The filter for what a prefix names: everything below it when it ends with a dot or is empty, else the one subject.</summary>
    public static string Filter(string root, string prefix) => prefix.Length == 0 || prefix.EndsWith('.') ? $"{root}{prefix}>" : root + prefix;

    /// <summary>The stream of a log.</summary>
    public string StreamOf(StreamName stream) => stream switch
    {
        StreamName.Jobs => $"{upper}_JOB",
        StreamName.Commands => $"{upper}_CMD",
        StreamName.WorkQueue => $"{upper}_ANY",
        _ => throw new ArgumentOutOfRangeException(nameof(stream), stream, "There is no such log."),
    };

    /// <summary>What the subjects of a log begin with: no subject may belong to two streams.</summary>
    public string SubjectsOf(StreamName stream) => stream switch
    {
        StreamName.Jobs => $"{prefix}.job.",
        StreamName.Commands => $"{prefix}.cmd.",
        StreamName.WorkQueue => $"{prefix}.any.",
        _ => throw new ArgumentOutOfRangeException(nameof(stream), stream, "There is no such log."),
    };
}
