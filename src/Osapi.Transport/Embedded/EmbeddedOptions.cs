using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Osapi.Transport.Embedded;

/// <summary>The location of the embedded store and its retention.</summary>
public sealed record EmbeddedOptions
{
    /// <summary>The name of the database in the state directory.</summary>
    public const string FileName = "osapi.db";

    /// <summary>The state directory. It is created if missing, readable by its owner only.</summary>
    public required string Directory { get; init; }

    /// <summary>The clock for message times, redeliveries and retention.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The retention of a job's record and states: 7 days.</summary>
    public TimeSpan KeepJobs { get; init; } = TimeSpan.FromDays(7);

    /// <summary>
    /// The retention of commands and queued jobs: the longest time within which a job must start (1 hour), plus 1 hour.
    /// It must be shorter than <see cref="KeepJobs"/>; otherwise an old command could outlive its job's record.
    /// </summary>
    public TimeSpan KeepCommands { get; init; } = TimeSpan.FromHours(2);

    /// <summary>The retention of results stored as objects: 7 days.</summary>
    public TimeSpan KeepResults { get; init; } = TimeSpan.FromDays(7);

    /// <summary>The logger for background failures, which no caller sees.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    // Controllers remove runs: what a run owes lasts longer than its jobs. Of the audit log, a controller keeps one message.
    internal TimeSpan? Keep(StreamName stream) => stream switch
    {
        StreamName.Jobs => KeepJobs,
        StreamName.Runs or StreamName.Audit => null,
        _ => KeepCommands,
    };

    internal void Check()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Directory);
        if (KeepCommands <= TimeSpan.Zero || KeepResults <= TimeSpan.Zero || KeepCommands >= KeepJobs)
            throw new ArgumentException(
                $"Commands must be kept for some time and for less than jobs, results for some time; commands are kept for {KeepCommands}, jobs for {KeepJobs}, results for {KeepResults}.");
    }
}
