using Osapi.Operations;
using Osapi.Operations.Runs;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs;

/// <summary>A validated call for a new job.</summary>
internal sealed record JobRequest
{
    public required JobId Id { get; init; }

    /// <summary>True when this controller has just made the id, so that no job has it yet.</summary>
    public bool HasNewId { get; init; }

    public required Operation Operation { get; init; }

    /// <inheritdoc cref="JobRecord.Request"/>
    public required ReadOnlyMemory<byte> Request { get; init; }

    public required Target Target { get; init; }

    public required TimeSpan StartWithin { get; init; }

    public bool Check { get; init; }

    /// <inheritdoc cref="JobRecord.FileContent"/>
    public bool FileContent { get; init; }

    public required TimeSpan Timeout { get; init; }

    public string? Caller { get; init; }

    /// <summary>The targets that the caller is limited to; null for no limit.</summary>
    public IReadOnlyList<Target>? Limit { get; init; }

    public JobId? RetryOf { get; init; }

    /// <inheritdoc cref="JobRecord.Run"/>
    public RunId? Run { get; init; }

    /// <inheritdoc cref="JobRecord.Task"/>
    public string? Task { get; init; }
}
