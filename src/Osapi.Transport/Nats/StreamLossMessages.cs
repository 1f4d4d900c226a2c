namespace Osapi.Transport.Nats;

/// <summary>Describes the content of lost streams for log lines.</summary>
internal sealed class StreamLossMessages(NatsNames names)
{
    private readonly (string Stream, string Content)[] contents =
    [
        (names.StreamOf(StreamName.Jobs), "the jobs and their results"),
        (names.StreamOf(StreamName.Commands), "the commands to hosts"),
        (names.StreamOf(StreamName.WorkQueue), "the queue of jobs for any host"),
        (names.StreamOf(StreamName.Runs), "the runs and what they owe"),
        (names.StreamOf(StreamName.Audit), "the heads of the audit log, which controllers write again"),
        (NatsNames.KeyStream(names.Hosts), "the records of hosts, which register again"),
        (NatsNames.KeyStream(names.Roster), "the roster, which controllers restore from their disks"),
        (NatsNames.ObjectStream(names.Results), "large results"),
        (NatsNames.ObjectStream(names.Requests), "large requests"),
        (NatsNames.ObjectStream(names.Files), "the stored files, which have to be uploaded again"),
    ];

    /// <summary>Describes the streams and their content, in one line.</summary>
    public string Describe(IReadOnlySet<string> streams) =>
        string.Join("; ", contents.Where(content => streams.Contains(content.Stream)).Select(content => $"{content.Stream} ({content.Content})"));
}
