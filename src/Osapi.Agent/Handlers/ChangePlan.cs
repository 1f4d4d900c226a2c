using System.Text.Json;

namespace Osapi.Agent.Handlers;

/// <summary>The result of inspecting the host for an idempotent operation: the changes to make.</summary>
/// <remarks>
/// Inspecting never changes anything; only <see cref="Apply"/> does, and a check never calls it. So a check and a run
/// always agree.
/// </remarks>
/// <typeparam name="T">The operation's result.</typeparam>
internal sealed record ChangePlan<T>
    where T : class
{
    /// <summary>True when <see cref="Apply"/> would change the host; null when that cannot be predicted.</summary>
    public required bool? Changes { get; init; }

    /// <summary>The change to a file's text as a unified diff without restricted content.</summary>
    public string? Diff { get; init; }

    /// <summary>
    /// The change to the text of a file that is not world-readable, for a caller who may see it; otherwise null.
    /// </summary>
    public string? ContentDiff { get; init; }

    /// <summary>The current settings.</summary>
    public JsonElement? Before { get; init; }

    /// <summary>The settings after the change.</summary>
    public JsonElement? After { get; init; }

    /// <summary>Makes the change, if any, and returns the result.</summary>
    public required Func<CancellationToken, Task<HandlerResult<T>>> Apply { get; init; }
}
