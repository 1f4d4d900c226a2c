using Osapi.Controller.Jobs.ReadModel;
using Osapi.Operations;
using Osapi.Operations.Jobs;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs;

/// <summary>Describes the changes of a job as text.</summary>
internal static class JobTimeline
{
    public static IReadOnlyList<TimelineEvent> Of(IndexedJob job) =>
    [
        Submission(job.Record),
        .. job.History.SelectMany(entry => entry.Value.Event.Starts
            ? (TimelineEvent[])[Event(job.Record, entry.Key, StartOf(entry.Value)), Event(job.Record, entry.Key, entry.Value)]
            : [Event(job.Record, entry.Key, entry.Value)]),
    ];

    /// <summary>Gets the start of an end that is the start as well.</summary>
    public static ExecutorState StartOf(ExecutorState whole) => whole with { Event = whole.Event with { Kind = JobEventKind.Start, Starts = false } };

    public static TimelineEvent Submission(JobRecord record)
    {
        var target = record.Target == JobRecord.HostList ? $"a list of {record.Hosts.Count + record.Skipped.Count} hosts" : record.Target;
        return new(record.Created, "submitted", null, record.RetryOf is { } first ? $"Submitted for {target}, to retry {first}" : $"Submitted for {target}");
    }

    public static TimelineEvent Event(JobRecord record, string executor, ExecutorState state)
    {
        var host = executor == HostKey.Any ? state.Event.Host : record.Hosts.FirstOrDefault(host => HostKey.Of(host) == executor);
        var onHost = host is null ? "" : $" on {host}";
        return state.Event switch
        {
            { Kind: JobEventKind.Start } => new(state.Time, "started", host, $"Started{onHost}"),
            { Kind: JobEventKind.Expired } => new(state.Time, "expired", host, $"Not started in time{onHost}"),
            { Kind: JobEventKind.Cancelled } => new(state.Time, "cancelled", host, $"Cancelled before it started{onHost}"),
            { Kind: JobEventKind.Lost } => new(state.Time, "lost", host, $"The agent{onHost} stopped while it ran"),
            { Outcome: Outcome.Ok } => new(state.Time, "completed", host, $"Completed{onHost}"),
            { Outcome: Outcome.Skipped } => new(state.Time, "skipped", host, $"Skipped{onHost}"),
            { Outcome: Outcome.Cancelled } => new(state.Time, "cancelled", host, $"Cancelled{onHost}"),
            { Outcome: Outcome.Expired } => new(state.Time, "expired", host, $"Not run{onHost}"),
            { Outcome: Outcome.Unknown } => new(state.Time, "lost", host, $"Lost{onHost}: its result is unknown"),
            _ => new(state.Time, "failed", host, $"Failed{onHost}"),
        };
    }
}
