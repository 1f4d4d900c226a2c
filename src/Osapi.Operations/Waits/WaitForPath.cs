using Osapi.Operations.Files;
using Osapi.Operations.Json;

namespace Osapi.Operations.Waits;

/// <summary>Waits until a path exists, is gone, or a file contains a text. It is a failure with the last reason when that takes too long.</summary>
/// <remarks>
/// Symbolic links are followed. To search a file that not every user of the host may read needs the permission <c>file:content</c>.
/// A check tries once, without waiting.
/// </remarks>
public sealed record WaitForPath : IValidatable
{
    /// <summary>The path.</summary>
    public required FilePath Path { get; init; }

    /// <summary>The state to wait for; default: present.</summary>
    public PathState? State { get; init; }

    /// <summary>The kind that it must have, without which the wait goes on; default: any.</summary>
    public PathKind? Type { get; init; }

    /// <summary>A regular expression that must match in the file, which may have 16 MiB; default: any content.</summary>
    public TextPattern? Contains { get; init; }

    /// <summary>The seconds to wait at most, 1 to 3600; default: 300.</summary>
    [Range(1, 3600)]
    public int? Timeout { get; init; }

    /// <summary>The seconds between two attempts, 1 to 60; default: 1.</summary>
    [Range(1, 60)]
    public int? Interval { get; init; }

    IEnumerable<Problem> IValidatable.Validate()
    {
        if (State == PathState.Absent && (Type is not null || Contains is not null))
            yield return new("state", "must be present for type and contains");
        if (Contains is not null && Type is PathKind.Directory or PathKind.Socket)
            yield return new("type", "must be file for contains");
    }
}

public static partial class WaitOperations
{
    /// <inheritdoc cref="WaitForPath"/>
    public static Operation<WaitForPath, PathWaitResult> Path { get; } = new("wait.path.do", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Post("/node/{hostname}/wait/path"),
        Permission = Permissions.FileRead,
        Rights = "searching the directories; reading the file for `contains`",
        Request = WaitJson.Requests.WaitForPath,
        Result = WaitJson.Results.PathWaitResult,
        Timeout = static request => LimitOf(request.Timeout),
        Example = static () => (
            new() { Path = "/srv/app/ready", Timeout = 60 },
            new() { State = PathState.Present, WaitedMs = 1004, Attempts = 2, Size = 0 }),
    };
}

public sealed partial class WaitClient
{
    /// <inheritdoc cref="WaitForPath"/>
    public Task<JobReply<PathWaitResult>> PathAsync(Target target, WaitForPath request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(WaitOperations.Path, request, target, options, cancellationToken);
}
