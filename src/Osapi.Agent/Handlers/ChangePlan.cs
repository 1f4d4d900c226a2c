using System.Text.Json;

namespace Osapi.Agent.Handlers;

/// <summary>
/// What an idempotent operation found that it has to do. Finding out never changes anything; only <see cref="Apply"/> does,
/// and a check never calls it. So a check and the real thing cannot disagree.
/// </summary>
/// <typeparam name="T">The operation's result.</typeparam>
internal sealed record ChangePlan<T>
    where T : class
{
    /// <summary>True when <see cref="Apply"/> would change the host; null when only doing it can tell.</summary>
    public required bool? Changes { get; init; }

    /// <summary>The change to a file's text as a unified diff, as everybody may see it.</summary>
    public string? Diff { get; init; }

    /// <summary>The change to the text of a file that not everybody on the host may read, for a caller who may see it; otherwise null.</summary>
    public string? ContentDiff { get; init; }

    /// <summary>The settings as they are.</summary>
    public JsonElement? Before { get; init; }

    /// <summary>The settings as they would be.</summary>
    public JsonElement? After { get; init; }

    /// <summary>Makes the change, if there is one, and answers.</summary>
    public required Func<CancellationToken, Task<HandlerResult<T>>> Apply { get; init; }
}
