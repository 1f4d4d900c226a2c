using Osapi.Transport.Jobs;

namespace Osapi.Transport.Nats;

/// <summary>
/// The names of streams, buckets and subjects on the broker. <c>docs/nats.md</c> lists them, because permissions refer
/// to them.
/// </summary>
internal sealed class NatsNames(string prefix)
{
    /// <summary>Gets the name of the consumer of a queue that all agents share, and the subject of its messages.</summary>
    public static string ConsumerOf(QueueName queue) => queue switch
    {
        QueueName.Any => Subjects.Any,
        QueueName.Quick => Subjects.Quick,
        _ => throw new ArgumentOutOfRangeException(nameof(queue), queue, "There is no such queue."),
    };

    private readonly string upper = prefix.ToUpperInvariant();

    /// <summary>The bucket of agent records; its stream also holds the stamps of the clock.</summary>
    public string Hosts => field ??= $"{prefix}_hosts";

    /// <summary>The bucket of the roster.</summary>
    public string Roster => field ??= $"{prefix}_roster";

    /// <summary>The bucket of large results.</summary>
    public string Results => field ??= $"{prefix}_results";

    /// <summary>The bucket of users' files.</summary>
    public string Files => field ??= $"{prefix}_files";

    /// <summary>The bucket of large requests.</summary>
    public string Requests => field ??= $"{prefix}_requests";

    /// <summary>The prefix of the subjects of signals.</summary>
    public string Signals => field ??= $"{prefix}.signal.";

    /// <summary>The prefix of the subjects that are used to read the broker's clock.</summary>
    public string Clock => field ??= $"{prefix}.clock.";

    /// <summary>Gets the stream of a bucket of keys.</summary>
    public static string KeyStream(string bucket) => $"KV_{bucket}";

    /// <summary>Gets the prefix of the subjects of a bucket of keys.</summary>
    public static string Keys(string bucket) => $"$KV.{bucket}.";

    /// <summary>Gets the stream of a bucket of objects.</summary>
    public static string ObjectStream(string bucket) => $"OBJ_{bucket}";

    /// <summary>Gets the prefix of the subjects of objects' content.</summary>
    public static string Chunks(string bucket) => $"$O.{bucket}.C.";

    /// <summary>Gets the prefix of the subjects of objects' descriptions.</summary>
    public static string Descriptions(string bucket) => $"$O.{bucket}.M.";

    /// <summary>
    /// Gets the filter for a prefix: everything below it when it ends with a dot or is empty, else the one subject.
    /// </summary>
    public static string Filter(string root, string prefix) => prefix.Length == 0 || prefix.EndsWith('.') ? $"{root}{prefix}>" : root + prefix;

    /// <summary>Gets the stream of a log.</summary>
    public string StreamOf(StreamName stream) => stream switch
    {
        StreamName.Jobs => $"{upper}_JOB",
        StreamName.Commands => $"{upper}_CMD",
        StreamName.WorkQueue => $"{upper}_ANY",
        StreamName.Runs => $"{upper}_RUN",
        StreamName.Audit => $"{upper}_AUDIT",
        _ => throw new ArgumentOutOfRangeException(nameof(stream), stream, "There is no such log."),
    };

    /// <summary>Gets the prefix of the subjects of a log; no subject may belong to two streams.</summary>
    public string SubjectsOf(StreamName stream) => stream switch
    {
        StreamName.Jobs => $"{prefix}.job.",
        StreamName.Commands => $"{prefix}.cmd.",
        StreamName.WorkQueue => $"{prefix}.any.",
        StreamName.Runs => $"{prefix}.run.",
        StreamName.Audit => $"{prefix}.audit.",
        _ => throw new ArgumentOutOfRangeException(nameof(stream), stream, "There is no such log."),
    };
}
