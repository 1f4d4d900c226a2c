using System.Text.Json.Nodes;
using Osapi.Operations;

namespace Osapi.Orchestrator;

/// <summary>The result of one item of a task, on one host if the task runs on hosts.</summary>
public sealed record ItemResult
{
    /// <summary>The key of the item.</summary>
    public required string Key { get; init; }

    /// <summary>The status: changed, unchanged, skipped, failed or cancelled.</summary>
    public required Status Status { get; init; }

    /// <summary>True when something changed, even if the item then failed.</summary>
    public bool Changed { get; init; }

    /// <summary>The error; null when there is none.</summary>
    public string? Error { get; init; }

    /// <summary>The reason for skipping the item; null when it was not skipped.</summary>
    public string? SkipReason { get; init; }

    /// <summary>The host that the item was called on; null without hosts, and when the item did not start.</summary>
    public string? Hostname => Host?.Hostname;

    /// <summary>The number of attempts; 0 when the item did not start.</summary>
    public int Attempts { get; init; }

    /// <summary>The id of the last job; null when there was none.</summary>
    public JobId? JobId { get; init; }

    /// <summary>The predicted change when the call was a check; otherwise null.</summary>
    public CheckResult? Check { get; init; }

    /// <summary>The result as JSON; null when there is none.</summary>
    public JsonObject? Data
    {
        get => field ??= Host?.Data;
        init;
    }

    /// <summary>The result as that of the host, for a task on hosts; null when the item did not start.</summary>
    internal HostResult? Host { get; init; }
}
