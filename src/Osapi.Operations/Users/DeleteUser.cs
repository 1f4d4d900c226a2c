namespace Osapi.Operations.Users;

/// <summary>Ensures that a host does not have an account. Its files outside of the home directory stay.</summary>
/// <remarks>An account with the number 0 is never deleted.</remarks>
public sealed record DeleteUser
{
    /// <summary>The name.</summary>
    public required UserName Name { get; init; }

    /// <summary>True to remove the home directory and the mailbox as well; default: false.</summary>
    public bool? Home { get; init; }

    /// <summary>True to delete the account although it has running processes, which stay; default: false.</summary>
    public bool? Force { get; init; }

    /// <summary>True to end the processes of the account first, with SIGKILL; default: false.</summary>
    public bool? Kill { get; init; }
}

public static partial class UserOperations
{
    /// <inheritdoc cref="DeleteUser"/>
    public static Operation<DeleteUser, DeleteUserResult> Delete { get; } = new("user.account.delete", Idempotency.Idempotent)
    {
        Route = HttpRoute.Delete("/node/{hostname}/user/{name}"),
        Permission = Permissions.UserWrite,
        Rights = "root",
        Request = UserJson.Requests.DeleteUser,
        Result = UserJson.Results.DeleteUserResult,
        Timeout = static _ => TimeSpan.FromMinutes(2),
        Example = static () => (new() { Name = "deploy", Home = true }, new() { Name = "deploy", Changed = true, Home = "/home/deploy" }),
    };
}

public sealed partial class UserClient
{
    /// <inheritdoc cref="UserOperations.Delete"/>
    public Task<JobReply<DeleteUserResult>> DeleteAsync(Target target, DeleteUser request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(UserOperations.Delete, request, target, options, cancellationToken);
}
