using Osapi.Hosts.Tests.Hosts;
using Osapi.Operations;
using Osapi.Operations.Groups;
using Osapi.Operations.Users;

namespace Osapi.Hosts.Tests.Users;

/// <summary>
/// Tests of the rules of every idempotent operation on users and groups: it changes once, then nothing, then what drifted; a check
/// predicts each, and writes nothing. On a host without systemd and on one that booted it.
/// </summary>
[Collection("hosts, one class after the other")]
public sealed class AccountLawTests(LightHosts light, BootedHost booted) : IClassFixture<LightHosts>, IClassFixture<BootedHost>
{
    private const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFsLLGJvNX2muduionZfGAFf3fwVrcgkyvEv5JwwveOB law";

    [Fact]
    public void Every_idempotent_operation_of_the_families_is_tested_here()
    {
        string[] tested = ["group.account.delete", "group.account.update", "user.account.delete", "user.account.update", "user.key.update", "user.password.update"];

        Assert.Equal(tested, OperationCatalog.Default.Where(operation => operation is { Family: "user" or "group", Idempotency: Idempotency.Idempotent }).Select(operation => operation.Id).Order(StringComparer.Ordinal));
    }

    [Theory, InlineData(true), InlineData(false)]
    public Task Account(bool systemd) => LawAsync(
        systemd,
        UserOperations.Update,
        new()
        {
            Name = "law",
            Uid = 4100,
            Group = "lawyers",
            Groups = ["bench"],
            GroupsExclusive = true,
            Home = "/home/law",
            Shell = "/bin/sh",
            Comment = "The law",
            PasswordHash = AccountFixture.Hash,
            Locked = false,
            Expires = "2031-02-03",
        },
        "groupadd lawyers; groupadd bench; groupadd bar",
        "usermod -u 4101 -g users -G bar -d /nonexistent -s /bin/false -c other -L -e '' law");

    [Theory, InlineData(true), InlineData(false)]
    public Task Password(bool systemd) => LawAsync(
        systemd,
        UserOperations.UpdatePassword,
        new() { Name = "law", PasswordHash = AccountFixture.Hash, MustChange = true, MaxDays = 90, WarnDays = 5 },
        "useradd law",
        $"echo 'law:{AccountFixture.OtherHash}' | chpasswd -e; chage -M 99 -W 7 law");

    [Theory, InlineData(true), InlineData(false)]
    public Task Keys(bool systemd) => LawAsync(systemd, UserOperations.UpdateKeys, new() { Name = "law", Keys = [Key], Exclusive = true }, "useradd -m law", "echo > /home/law/.ssh/authorized_keys");

    [Theory, InlineData(true), InlineData(false)]
    public Task Group(bool systemd) => LawAsync(
        systemd, GroupOperations.Update, new() { Name = "law", Gid = 4200, Members = ["daemon"], MembersExclusive = true }, "true", "groupmod -g 4201 law; gpasswd -M bin law");

    [Theory, InlineData(true), InlineData(false)]
    public Task Delete(bool systemd) => LawAsync(systemd, UserOperations.Delete, new() { Name = "law", Home = true }, "useradd -m law", "useradd -m law");

    [Theory, InlineData(true), InlineData(false)]
    public Task Delete_group(bool systemd) => LawAsync(systemd, GroupOperations.Delete, new() { Name = "law" }, "groupadd law", "groupadd law");

    private async Task LawAsync<TRequest, TResult>(bool systemd, Operation<TRequest, TResult> operation, TRequest request, string prepare, string drift)
        where TRequest : notnull
        where TResult : notnull
    {
        TestHost host = systemd ? await booted.GetAsync() : await light.GetAsync("h1");
        await host.RunAsync("sh", "-c", "userdel -rf law; for each in law lawyers bench bar; do groupdel $each; done");
        await host.ShellAsync(prepare);
        await host.StepAsync(operation, request, changes: true);
        await host.StepAsync(operation, request, changes: false);
        await host.ShellAsync(drift);
        await host.StepAsync(operation, request, changes: true);
        await host.StepAsync(operation, request, changes: false);
    }
}
