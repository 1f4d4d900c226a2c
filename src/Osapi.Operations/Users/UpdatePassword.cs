using Osapi.Operations.Json;

namespace Osapi.Operations.Users;

/// <summary>Ensures that an account has a password, given by its hash, and the days for which it is valid.</summary>
/// <remarks>A password that is locked stays locked.</remarks>
public sealed record UpdatePassword
{
    /// <summary>The name of the user.</summary>
    public required UserName Name { get; init; }

    /// <summary>The hash of the password, as crypt(5) writes it, or <c>*</c> or <c>!</c> for none. It is secret.</summary>
    [Secret]
    public required PasswordHash PasswordHash { get; init; }

    /// <summary>True to require another password at the next login, false to require none; default: as it is after a change of the password.</summary>
    public bool? MustChange { get; init; }

    /// <summary>The days after which the password must be changed, 1 to 99,999, where 99,999 means never; default: as it is.</summary>
    [Range(1, 99_999)]
    public int? MaxDays { get; init; }

    /// <summary>The days before that from which a login warns, 0 to 99,999; default: as it is.</summary>
    [Range(0, 99_999)]
    public int? WarnDays { get; init; }
}

public static partial class UserOperations
{
    /// <inheritdoc cref="Osapi.Operations.Users.UpdatePassword"/>
    public static Operation<UpdatePassword, PasswordResult> UpdatePassword { get; } = new("user.password.update", Idempotency.Idempotent)
    {
        Route = HttpRoute.Put("/node/{hostname}/user/{name}/password"),
        Permission = Permissions.UserWrite,
        Rights = "root",
        Request = UserJson.Requests.UpdatePassword,
        Result = UserJson.Results.PasswordResult,
        Timeout = static _ => TimeSpan.FromMinutes(1),
        Example = static () => (new() { Name = "deploy", PasswordHash = UserExamples.Hash }, new() { Name = "deploy", Changed = true, Differences = ["password"] }),
    };
}

public sealed partial class UserClient
{
    /// <inheritdoc cref="UserOperations.UpdatePassword"/>
    public Task<JobReply<PasswordResult>> UpdatePasswordAsync(Target target, UpdatePassword request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(UserOperations.UpdatePassword, request, target, options, cancellationToken);
}
