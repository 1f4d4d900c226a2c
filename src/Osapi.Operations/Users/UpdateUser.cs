using Osapi.Operations.Files;
using Osapi.Operations.Groups;
using Osapi.Operations.Json;

namespace Osapi.Operations.Users;

/// <summary>Ensures that a host has an account with these settings. Settings that are not given stay as they are.</summary>
/// <remarks>A new account without a password hash has no password to log in with. Two accounts never get the same number.</remarks>
public sealed record UpdateUser : IValidatable
{
    /// <summary>The name. A new account has no capital letters in it.</summary>
    public required UserName Name { get; init; }

    /// <summary>The number, 0 to 4,294,967,294; default: the next free one. With another number, the files in the home directory are given to it.</summary>
    [Range(0, 4_294_967_294)]
    public long? Uid { get; init; }

    /// <summary>The primary group, by name or number; default: a group of the user's own name, as the host is configured.</summary>
    public AccountName? Group { get; init; }

    /// <summary>The other groups, at most 100, which the account gets in addition to those that it has.</summary>
    [Length(0, 100)]
    public IReadOnlyList<GroupName>? Groups { get; init; }

    /// <summary>True to take the account out of all groups that are not listed; default: false.</summary>
    public bool? GroupsExclusive { get; init; }

    /// <summary>The path of the home directory; default: as the host is configured, usually <c>/home/NAME</c>.</summary>
    public FilePath? Home { get; init; }

    /// <summary>True to move the files to another home directory; default: false, only the setting changes.</summary>
    public bool? MoveHome { get; init; }

    /// <summary>True to create the home directory of a new account; default: true, false for an account of the system. Of an existing account none is created.</summary>
    public bool? CreateHome { get; init; }

    /// <summary>The path of the program that a login starts, which must exist; default: as the host is configured.</summary>
    public FilePath? Shell { get; init; }

    /// <summary>The comment, such as the full name, at most 256 characters without <c>:</c> and control characters.</summary>
    [Length(0, 256)]
    public string? Comment { get; init; }

    /// <summary>True to give a new account a number of the system's range; default: false. An existing account keeps its number.</summary>
    public bool? System { get; init; }

    /// <summary>The hash of the password, as crypt(5) writes it, or <c>*</c> or <c>!</c> for none. It is secret.</summary>
    [Secret]
    public PasswordHash? PasswordHash { get; init; }

    /// <summary>Always or on_create; default: always. With on_create, a password that the user has changed stays.</summary>
    public PasswordPolicy? PasswordWhen { get; init; }

    /// <summary>True to lock the password, false to unlock it; default: as it is. Logins with a key stay possible; expires ends them.</summary>
    public bool? Locked { get; init; }

    /// <summary>The date from which the account cannot be used, as <c>2027-01-31</c>, or <c>never</c>.</summary>
    public AccountExpiry? Expires { get; init; }

    /// <summary>The directory whose files a new home directory gets; default: as the host is configured, usually <c>/etc/skel</c>.</summary>
    public FilePath? Skeleton { get; init; }

    IEnumerable<Problem> IValidatable.Validate()
    {
        if (Home?.Value.Contains(':', StringComparison.Ordinal) == true)
            yield return new("home", "must not contain ':'");
        if (Shell?.Value.Contains(':', StringComparison.Ordinal) == true)
            yield return new("shell", "must not contain ':'");
        if (Comment is { } comment && (comment.Contains(':', StringComparison.Ordinal) || ControlCharacters.AreIn(comment)))
            yield return new("comment", "must not contain ':' or control characters");
        if (Groups?.GroupBy(group => group.Value, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            yield return new("groups", $"must not name {twice.Key} twice");
        if (GroupsExclusive == true && Groups is null)
            yield return new("groups_exclusive", "needs groups");
        if (MoveHome == true && Home is null)
            yield return new("move_home", "needs home");
        if (PasswordWhen is not null && PasswordHash is null)
            yield return new("password_when", "needs password_hash");
        if (PasswordHash?.Value == "!" && Locked == false)
            yield return new("locked", "must not be false for a password_hash of !");
    }
}

public static partial class UserOperations
{
    /// <inheritdoc cref="UpdateUser"/>
    public static Operation<UpdateUser, UserResult> Update { get; } = new("user.account.update", Idempotency.Idempotent)
    {
        Route = HttpRoute.Put("/node/{hostname}/user/{name}"),
        Permission = Permissions.UserWrite,
        Rights = "root",
        Request = UserJson.Requests.UpdateUser,
        Result = UserJson.Results.UserResult,
        Timeout = static _ => TimeSpan.FromMinutes(2),
        Example = static () => (
            new() { Name = "deploy", Groups = ["www-data"], Shell = "/bin/bash", Comment = "Deployment" },
            new()
            {
                Name = "deploy",
                Uid = 1000,
                Gid = 1000,
                Group = "deploy",
                Groups = ["www-data"],
                Home = "/home/deploy",
                Shell = "/bin/bash",
                Comment = "Deployment",
                Locked = true,
                Password = PasswordState.Locked,
                Local = true,
                Changed = true,
                Differences = ["missing"],
            }),
    };
}

public sealed partial class UserClient
{
    /// <inheritdoc cref="UserOperations.Update"/>
    public Task<JobReply<UserResult>> UpdateAsync(Target target, UpdateUser request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(UserOperations.Update, request, target, options, cancellationToken);
}
