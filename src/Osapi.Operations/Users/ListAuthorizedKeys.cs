using Osapi.Operations.Files;

namespace Osapi.Operations.Users;

/// <summary>Lists the SSH keys with which a user can log in.</summary>
public sealed record ListAuthorizedKeys
{
    /// <summary>The name of the user.</summary>
    public required UserName Name { get; init; }

    /// <summary>The path of the file; default: <c>.ssh/authorized_keys</c> in the home directory.</summary>
    public FilePath? Path { get; init; }
}

public static partial class UserOperations
{
    /// <inheritdoc cref="ListAuthorizedKeys"/>
    public static Operation<ListAuthorizedKeys, AuthorizedKeyList> ListKeys { get; } = new("user.key.list.get", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/node/{hostname}/user/{name}/ssh-key"),
        Permission = Permissions.UserRead,
        Rights = "the right to read the file",
        Request = UserJson.Requests.ListAuthorizedKeys,
        Result = UserJson.Results.AuthorizedKeyList,
        Example = static () => (
            new() { Name = "deploy" },
            new() { Path = UserExamples.KeyPath, Keys = [new() { Type = "ssh-ed25519", Fingerprint = UserExamples.Fingerprint, Comment = "deploy@example.com" }] }),
    };
}

public sealed partial class UserClient
{
    /// <inheritdoc cref="UserOperations.ListKeys"/>
    public Task<JobReply<AuthorizedKeyList>> ListKeysAsync(Target target, ListAuthorizedKeys request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(UserOperations.ListKeys, request, target, options, cancellationToken);
}
