using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Osapi.Transport.Embedded;

/// <summary>Where the embedded store lives and how long it keeps what.</summary>
public sealed record EmbeddedOptions
{
    /// <summary>The state directory. It is created, readable by its owner only, when it does not exist.</summary>
    public required string Directory { get; init; }

    /// <summary>The time: of messages, redeliveries and retention.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>How long the record and the states of a job are kept: 7 days.</summary>
    public TimeSpan KeepJobs { get; init; } = TimeSpan.FromDays(7);

    /// <summary>
    /// How long commands and queued jobs are kept: the longest time within which a job must start (1 hour), and 1 hour more.
    /// It must be shorter than <see cref="KeepJobs"/>, else an old command meets a forgotten job.
    /// </summary>
    public TimeSpan KeepCommands { get; init; } = TimeSpan.FromHours(2);

    /// <summary>How long results in objects are kept: 7 days.</summary>
    public TimeSpan KeepResults { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Where failures without a caller are told.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    internal TimeSpan Keep(StreamName stream) => stream is StreamName.Jobs ? KeepJobs : KeepCommands;

    internal void Check()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Directory);
        if (KeepCommands <= TimeSpan.Zero || KeepResults <= TimeSpan.Zero || KeepCommands >= KeepJobs)
            throw new ArgumentException(
                $"Commands must be kept for some time and for less than jobs, results for some time; commands are kept for {KeepCommands}, jobs for {KeepJobs}, results for {KeepResults}.");
    }
}
