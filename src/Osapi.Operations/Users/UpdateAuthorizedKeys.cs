using Osapi.Operations.Facts;
using Osapi.Operations.Files;
using Osapi.Operations.Json;

namespace Osapi.Operations.Users;

/// <summary>Ensures that SSH keys let a user log in, or do not. Comments and the order of the file stay.</summary>
/// <remarks>Two lines with the same key count as one; the first one stays.</remarks>
public sealed record UpdateAuthorizedKeys : IValidatable
{
    /// <summary>The name of the user.</summary>
    public required UserName Name { get; init; }

    /// <summary>The keys, at most 100, each as a line of the file. A line without a comment keeps the comment that the file has.</summary>
    [Length(0, 100)]
    public required IReadOnlyList<AuthorizedKey> Keys { get; init; }

    /// <summary>Present or absent; default: present.</summary>
    public AuthorizedKeyState? State { get; init; }

    /// <summary>True to remove all other keys; default: false.</summary>
    public bool? Exclusive { get; init; }

    /// <summary>The path of the file; default: <c>.ssh/authorized_keys</c> in the home directory. It is in the home directory, or in a directory that only root can change.</summary>
    public FilePath? Path { get; init; }

    IEnumerable<Problem> IValidatable.Validate()
    {
        if (Exclusive == true && State == AuthorizedKeyState.Absent)
            yield return new("exclusive", "must not be true for keys that are absent");
        if (Keys.Count == 0 && Exclusive != true)
            yield return new("keys", "must not be empty unless exclusive is true");
        var lines = Keys.Where(key => !FactReference.ArePending(key.Value)).Select(key => key.Line).ToList();
        if (lines.Find(line => lines.Count(line.IsSameKey) > 1) is { } twice)
            yield return new("keys", $"must not have {twice.Fingerprint} twice");
    }
}

public static partial class UserOperations
{
    /// <inheritdoc cref="UpdateAuthorizedKeys"/>
    public static Operation<UpdateAuthorizedKeys, AuthorizedKeyResult> UpdateKeys { get; } = new("user.key.update", Idempotency.Idempotent)
    {
        Route = HttpRoute.Put("/node/{hostname}/user/{name}/ssh-key"),
        Permission = Permissions.UserWrite,
        Rights = "root",
        Request = UserJson.Requests.UpdateAuthorizedKeys,
        Result = UserJson.Results.AuthorizedKeyResult,
        HasLargeRequest = true,
        Example = static () => (
            new() { Name = "deploy", Keys = [UserExamples.Key] },
            new() { Path = UserExamples.KeyPath, Changed = true, Added = [UserExamples.Fingerprint] }),
    };
}

public sealed partial class UserClient
{
    /// <inheritdoc cref="UserOperations.UpdateKeys"/>
    public Task<JobReply<AuthorizedKeyResult>> UpdateKeysAsync(Target target, UpdateAuthorizedKeys request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(UserOperations.UpdateKeys, request, target, options, cancellationToken);
}
