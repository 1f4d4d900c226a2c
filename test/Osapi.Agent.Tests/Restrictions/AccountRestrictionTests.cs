using System.Text.Json;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Agent.Tests.Hosts;
using Osapi.Operations;
using Osapi.Operations.Groups;
using Osapi.Operations.Users;

namespace Osapi.Agent.Tests.Restrictions;

/// <summary>Tests of an agent whose configuration limits users and paths, for operations on users and groups that it allows.</summary>
public sealed class AccountRestrictionTests : IDisposable
{
    private const string Hash = "$5$acmeacme$Kvr1Y0Ln5A4nqV6RKJbVb9FfDhkxOqP9q7p2YsEz6I1";

    private const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFsLLGJvNX2muduionZfGAFf3fwVrcgkyvEv5JwwveOB";

    private readonly PreparedTree tree = new PreparedTree()
        .With("etc/passwd", "root:x:0:0::/root:/bin/sh\nacme-one:x:3999990001:3999990001::/home/one:/bin/sh\nacme-two:x:3999990002:3999990002::/home/two:/bin/sh\n")
        .With("etc/group", "root:x:0:\nacme-one:x:3999990001:\nacme-two:x:3999990002:\nacme-team:x:3999990003:acme-one\n")
        .With("etc/shadow", "root:*:19000:0:99999:7:::\nacme-one:!:19000:0:99999:7:::\nacme-two:!:19000:0:99999:7:::\n")
        .With("home/one/private/file", "")
        .With("home/two/file", "")
        .With("bin/sh", "");

    public AccountRestrictionTests()
    {
        if (!Environment.IsPrivilegedProcess)
            Assert.Skip("NOT TESTED: accounts, because that needs root.");
        foreach (var (home, user) in (ReadOnlySpan<(string, string)>)[("one", "3999990001"), ("two", "3999990002")])
            using (var chown = System.Diagnostics.Process.Start("chown", ["-R", $"{user}:{user}", tree.Full($"home/{home}")]))
                chown.WaitForExit();
    }

    public static TheoryData<string> Lists => ["deny.users acme-one", "deny.users 3999990001", "allow.users acme-two"];

    [Theory, MemberData(nameof(Lists))]
    public async Task A_denied_account_is_neither_changed_nor_given_a_key_nor_put_into_a_group(string list)
    {
        foreach (var isCheck in (bool[])[true, false])
        {
            await DeniedAsync(list, UserOperations.Update, new() { Name = "acme-one", Comment = "x" }, isCheck);
            await DeniedAsync(list, UserOperations.Delete, new() { Name = "acme-one" }, isCheck);
            await DeniedAsync(list, UserOperations.UpdatePassword, new() { Name = "acme-one", PasswordHash = Hash }, isCheck);
            await DeniedAsync(list, UserOperations.UpdateKeys, new() { Name = "acme-one", Keys = [Key] }, isCheck);
            await DeniedAsync(list, GroupOperations.Update, new() { Name = "acme-team", Members = [], MembersExclusive = true }, isCheck);
            await DeniedAsync(list, GroupOperations.Delete, new() { Name = "acme-team" }, isCheck);
        }

        await AllowedAsync(list, UserOperations.Update, new() { Name = "acme-two", Comment = "x" });
        await AllowedAsync(list, UserOperations.UpdateKeys, new() { Name = "acme-two", Keys = [Key] });
        await AllowedAsync(list, UserOperations.Delete, new() { Name = "acme-two" });
    }

    [Theory]
    [InlineData("deny.users acme-new")]
    [InlineData("allow.users acme-one")]
    [InlineData("deny.users 3999990009")]
    public async Task A_new_account_is_denied_by_its_name_and_by_its_number(string list)
    {
        await DeniedAsync(list, UserOperations.Update, new() { Name = "acme-new", Uid = 3999990009, CreateHome = false }, isCheck: true);
        await DeniedAsync(list, UserOperations.Update, new() { Name = "acme-new", Uid = 3999990009, CreateHome = false }, isCheck: false);
    }

    [Fact]
    public async Task The_files_of_accounts_are_denied_as_paths()
    {
        foreach (var path in (string[])["/etc/passwd", "/etc/group", "/etc/shadow", "/etc/gshadow", "/etc"])
        {
            var list = $"deny.paths {path}";
            await DeniedAsync(list, UserOperations.Update, new() { Name = "acme-one", Comment = "x" }, isCheck: true);
            await DeniedAsync(list, UserOperations.Delete, new() { Name = "acme-one" }, isCheck: true);
            await DeniedAsync(list, UserOperations.UpdatePassword, new() { Name = "acme-one", PasswordHash = Hash }, isCheck: true);
            await DeniedAsync(list, GroupOperations.Update, new() { Name = "acme-new" }, isCheck: true);
            await DeniedAsync(list, GroupOperations.Delete, new() { Name = "acme-team" }, isCheck: true);
            await AllowedAsync(list, UserOperations.UpdateKeys, new() { Name = "acme-one", Keys = [Key] });
        }
    }

    [Fact]
    public async Task Homes_and_keys_are_denied_as_paths()
    {
        const string Keys = "deny.paths /home/one/.ssh", Private = "deny.paths /home/one/private", Homes = "deny.paths /home";
        await DeniedAsync(Keys, UserOperations.UpdateKeys, new() { Name = "acme-one", Keys = [Key] }, isCheck: true);
        await DeniedAsync(Keys, UserOperations.UpdateKeys, new() { Name = "acme-one", Keys = [Key] }, isCheck: false);
        await DeniedAsync(Keys, UserOperations.ListKeys, new() { Name = "acme-one" }, isCheck: false);
        await DeniedAsync(Private, UserOperations.Delete, new() { Name = "acme-one", Home = true }, isCheck: true);
        await DeniedAsync(Private, UserOperations.Delete, new() { Name = "acme-one", Home = true }, isCheck: false);
        await AllowedAsync(Private, UserOperations.Delete, new() { Name = "acme-one" });
        await DeniedAsync(Private, UserOperations.Update, new() { Name = "acme-one", Home = "/home/three", MoveHome = true }, isCheck: true);
        await DeniedAsync(Homes, UserOperations.Update, new() { Name = "acme-new" }, isCheck: true);

        Assert.False(Directory.Exists(tree.Full("home/one/.ssh")));
        Assert.True(File.Exists(tree.Full("home/one/private/file")));
    }

    public void Dispose() => tree.Dispose();

    private async Task DeniedAsync<TRequest, TResult>(string list, Operation<TRequest, TResult> operation, TRequest request, bool isCheck)
        where TRequest : notnull
        where TResult : notnull
    {
        var entry = await RunAsync(list, operation, request, isCheck);

        Assert.Equal((Outcome.Failed, ErrorType.Denied, false), (entry.Outcome, entry.ErrorType, entry.Changed));
        Assert.Contains($"agent.{list.Split(' ')[0]}", entry.Error, StringComparison.Ordinal);
    }

    private async Task AllowedAsync<TRequest, TResult>(string list, Operation<TRequest, TResult> operation, TRequest request)
        where TRequest : notnull
        where TResult : notnull
    {
        var entry = await RunAsync(list, operation, request, isCheck: true);

        Assert.Equal((Outcome.Ok, null, true), (entry.Outcome, entry.Error, entry.Check?.Changed));
    }

    private Task<HostReply> RunAsync<TRequest, TResult>(string list, Operation<TRequest, TResult> operation, TRequest request, bool isCheck)
        where TRequest : notnull
        where TResult : notnull
    {
        var (kind, items) = (list.Split(' ')[0], (string[])[list.Split(' ')[1]]);
        RestrictionLists lists = kind.EndsWith("users", StringComparison.Ordinal) ? new() { Users = items } : new() { Paths = items };
        AgentRestrictions restrictions = kind.StartsWith("deny", StringComparison.Ordinal)
            ? new() { Deny = lists, Allow = new() { Operations = ["*"] } }
            : new() { Allow = lists with { Operations = ["*"] } };
        return new OperationExecutor(AgentHandlers.All, tree.Host with { Restrictions = restrictions })
            .RunAsync(operation.Id, JsonSerializer.SerializeToUtf8Bytes(request, operation.Request), isCheck, TestContext.Current.CancellationToken);
    }
}
