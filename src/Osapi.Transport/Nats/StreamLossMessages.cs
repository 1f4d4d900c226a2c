namespace Osapi.Transport.Nats;

/// <summary>Describes the content of lost streams for log lines.</summary>
internal sealed class StreamLossMessages(NatsNames layout)
{
    private readonly (string Stream, string Content)[] contents =
    [
        (layout.StreamOf(StreamName.Jobs), "the jobs and their results"),
        (layout.StreamOf(StreamName.Commands), "the commands to hosts"),
        (layout.StreamOf(StreamName.WorkQueue), "the queue of jobs for any host"),
        (NatsNames.KeyStream(layout.Hosts), "the records of hosts, which register again"),
        (NatsNames.KeyStream(layout.Roster), "what operators say of hosts, which controllers write again from their disks"),
        (NatsNames.ObjectStream(layout.Results), "large results"),
        (NatsNames.ObjectStream(layout.Files), "the stored files, which have to be uploaded again"),
    ];

    /// <summary>Describes the streams and their content, in one line.</summary>
    public string Describe(IReadOnlySet<string> streams) =>
        string.Join("; ", contents.Where(content => streams.Contains(content.Stream)).Select(content => $"{content.Stream} ({content.Content})"));
}
