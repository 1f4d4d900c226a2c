using Osapi.Operations;

namespace Osapi.Agent.Tests.Laws;

/// <summary>
/// Tests of the rules of every idempotent operation on hosts. A new operation needs a case here, or the first test
/// fails.
/// </summary>
public sealed class IdempotencyLawTests
{
    private static readonly IReadOnlyList<Func<IdempotentCase>> Cases = [() => new DeployCase(), () => new UndeployCase(), () => new DnsUpdateCase(), () => new LineCase(), () => new BlockCase(), () => new ReplaceCase(), () => new DirectoryCase(), () => new LinkCase(), () => new DeleteCase(), () => new AttributesCase(), () => new DownloadCase(), () => new ExtractCase(), () => new SysctlUpdateCase(), () => new SysctlDeleteCase()];

    // Operations whose rules are tested where their hosts are, and the class that does it.
    private static readonly IReadOnlyDictionary<string, string> Elsewhere = new Dictionary<string, string>
    {
        ["docker.start.execute"] = "Osapi.Docker.Tests.IdempotencyTests",
        ["docker.stop.execute"] = "Osapi.Docker.Tests.IdempotencyTests",
        ["package.install.execute"] = "Osapi.Hosts.Tests.Packages.PackageHostTests",
        ["package.remove.execute"] = "Osapi.Hosts.Tests.Packages.PackageHostTests",
        ["package.refresh.execute"] = "Osapi.Hosts.Tests.Packages.PackageHostTests",
        ["package.hold.update"] = "Osapi.Hosts.Tests.Packages.PackageHostTests",
        ["package.repository.update"] = "Osapi.Hosts.Tests.Packages.RepositoryHostTests",
        ["package.repository.delete"] = "Osapi.Hosts.Tests.Packages.RepositoryHostTests",
        ["package.upgrade.execute"] = "Osapi.Hosts.Tests.Packages.PackageHostTests",
        ["user.account.update"] = "Osapi.Hosts.Tests.Users.AccountLawTests",
        ["user.account.delete"] = "Osapi.Hosts.Tests.Users.AccountLawTests",
        ["user.password.update"] = "Osapi.Hosts.Tests.Users.AccountLawTests",
        ["user.key.update"] = "Osapi.Hosts.Tests.Users.AccountLawTests",
        ["group.account.update"] = "Osapi.Hosts.Tests.Users.AccountLawTests",
        ["group.account.delete"] = "Osapi.Hosts.Tests.Users.AccountLawTests",
        ["docker.pull.execute"] = "Osapi.Docker.Tests.IdempotencyTests",
        ["service.state.update"] = "Osapi.Hosts.Tests.Services.ServiceLawTests",
        ["service.start.execute"] = "Osapi.Hosts.Tests.Services.ServiceLawTests",
        ["service.stop.execute"] = "Osapi.Hosts.Tests.Services.ServiceLawTests",
        ["service.enable.execute"] = "Osapi.Hosts.Tests.Services.ServiceLawTests",
        ["service.disable.execute"] = "Osapi.Hosts.Tests.Services.ServiceLawTests",
        ["service.unit.update"] = "Osapi.Hosts.Tests.Services.ServiceLawTests",
        ["service.unit.delete"] = "Osapi.Hosts.Tests.Services.ServiceLawTests",
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, Cases.Count)];

    [Fact]
    public void Every_idempotent_operation_on_hosts_has_a_case() => Assert.Equal(
        OperationCatalog.Default.Where(operation => operation is { RunsOn: RunsOn.Host, Idempotency: Idempotency.Idempotent }).Select(operation => operation.Id).Order(),
        Cases.Select(open => open().Operation.Id).Concat(Elsewhere.Keys).Distinct().Order());

    [Theory, MemberData(nameof(Numbers))]
    public async Task It_changes_once_then_nothing_then_what_drifted_and_a_check_predicts_each(int number)
    {
        await using var subject = Cases[number]();
        await subject.PrepareAsync();

        foreach (var changes in (bool[])[true, false, true, false])
        {
            var before = subject.Snapshot();
            var check = await subject.RunAsync(check: true);
            Assert.Equal((Outcome.Ok, null, false, changes), (check.Outcome, check.Error, check.Changed, check.Check?.Changed));
            Assert.Equal(before, subject.Snapshot());

            var entry = await subject.RunAsync(check: false);
            Assert.Equal((Outcome.Ok, null, changes), (entry.Outcome, entry.Error, entry.Changed));
            Assert.Null(entry.Check);
            if (!changes)
            {
                Assert.Equal(before, subject.Snapshot());
                await subject.DriftAsync();
            }
        }
    }

    [Theory, MemberData(nameof(Numbers))]
    public async Task A_check_and_a_run_without_anything_to_do_write_nothing_at_all(int number)
    {
        await using var subject = Cases[number]();
        await subject.PrepareAsync();

        using (FileWatch watch = new(subject.Directories))
        {
            Assert.True((await subject.RunAsync(check: true)).Check!.Changed);
            Assert.Empty(await watch.GetEventsAsync(Token));
        }

        Assert.True((await subject.RunAsync(check: false)).Changed);
        using (FileWatch watch = new(subject.Directories))
        {
            Assert.False((await subject.RunAsync(check: true)).Check!.Changed);
            Assert.False((await subject.RunAsync(check: false)).Changed);
            Assert.Empty(await watch.GetEventsAsync(Token));
            await subject.DriftAsync();
            Assert.NotEmpty(await watch.GetEventsAsync(Token));
        }
    }
}
