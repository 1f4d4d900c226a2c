using Osapi.Hosts.Tests.Hosts;

namespace Osapi.Hosts.Tests.Packages;

/// <summary>Tests of upgrades of the package on a host that works, with the same executable in an older and a newer package.</summary>
public sealed class UpgradeTests(BootedHost booted) : IClassFixture<BootedHost>
{
    private const string Old = "1.2.3", New = "1.3.0";

    [Theory]
    [InlineData("osapi")]
    [InlineData("osapi-controller", "osapi-agent")]
    public async Task Jobs_go_on_during_an_upgrade_and_none_is_lost_or_run_twice(params string[] units)
    {
        var host = await booted.GetAsync();
        await host.RunAsync("apt-get", "purge", "-y", "osapi");
        File.Delete(host.Outside(JobLoad.Record));
        await InstallAsync(host, await DebianPackage.BuildForAsync(host, Old));
        if (units.Length > 1)
            await Broker.InstallAsync(host);
        await host.MustAsync(["systemctl", "start", .. units]);
        var before = await ProcessesAsync(host, units);
        using JobLoad load = new(host.Outside("/var/lib/osapi/osapi.sock"), await host.MustAsync("osapi", "token", "generate", "--roles", "admin", "--subject", "load"));

        var package = await DebianPackage.BuildForAsync(host, New);
        var running = load.RunAsync(atOnce: 6, TestContext.Current.CancellationToken);
        await load.EndedAsync(30, TestContext.Current.CancellationToken);
        var begun = load.Ended;
        await InstallAsync(host, package);
        var ended = load.Ended;
        await load.EndedAsync(ended + 30, TestContext.Current.CancellationToken);
        load.Stop();
        var jobs = await running;

        TestContext.Current.TestOutputHelper?.WriteLine($"{begun} jobs before the upgrade, {ended - begun} during it, {jobs - ended} after it; {load.Expired} expired before they started");
        Assert.True(ended > begun, "no job ended during the upgrade");
        Assert.Equal(New, await host.MustAsync("dpkg-query", "--show", "--showformat", "${Version}", "osapi"));
        var after = await ProcessesAsync(host, units);
        Assert.All(units.Index(), unit => Assert.NotEqual(before[unit.Index], after[unit.Index]));
        // A system of one process expires what it has not started when it stops; a fleet keeps it.
        Assert.True(units.Length == 1 || load.Expired == 0, $"{load.Expired} jobs expired");
        Assert.All(load.Outcomes, outcome => Assert.Equal("Ok", outcome));
        Assert.Equal(Enumerable.Range(0, jobs), (await File.ReadAllLinesAsync(host.Outside(JobLoad.Record), TestContext.Current.CancellationToken)).Select(int.Parse).Order());
    }

    [Fact]
    public async Task An_upgrade_by_a_job_of_the_agent_ends_before_the_agent_restarts_and_a_removal_by_one_is_refused()
    {
        var host = await booted.GetAsync();
        await host.RunAsync("apt-get", "purge", "-y", "osapi");
        File.Delete(host.Outside(JobLoad.Record));
        await InstallAsync(host, await DebianPackage.BuildForAsync(host, Old));
        await host.MustAsync("systemctl", "start", "osapi");
        var before = await ProcessesAsync(host, "osapi");
        var package = await DebianPackage.BuildForAsync(host, New);

        var upgrade = await host.RunAsync("osapi", "command", "shell", "--timeout", "120", "--command", $"apt-get install -y {package}");
        var begin = TimeProvider.System.GetTimestamp();
        while ((await ProcessesAsync(host, "osapi")).SequenceEqual(before) || (await host.RunAsync("systemctl", "is-active", "osapi")).ExitCode != 0)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begin) < TimeSpan.FromSeconds(60), "the service was not restarted");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        Assert.True(upgrade.ExitCode == 0, upgrade.Output + upgrade.Error);
        Assert.Equal($"ii {New}", await host.MustAsync("dpkg-query", "--show", "--showformat", "${db:Status-Abbrev}${Version}", "osapi"));
        var removal = await host.RunAsync("osapi", "command", "shell", "--timeout", "120", "--command", "apt-get remove -y osapi");
        Assert.Equal(1, removal.ExitCode);
        Assert.Contains("cannot remove the package", removal.Output + removal.Error, StringComparison.Ordinal);
        Assert.Equal($"ii {New}", await host.MustAsync("dpkg-query", "--show", "--showformat", "${db:Status-Abbrev}${Version}", "osapi"));
        Assert.Equal("active", await host.MustAsync("systemctl", "is-active", "osapi"));
    }

    private static async Task InstallAsync(SystemdHost host, string package)
    {
        await host.MustAsync("apt-get", "install", "-y", package);
        File.Delete(host.Outside(package));
    }

    private static async Task<IReadOnlyList<string>> ProcessesAsync(SystemdHost host, params string[] units)
    {
        List<string> processes = [];
        foreach (var unit in units)
            processes.Add(await host.MustAsync("systemctl", "show", "--property", "MainPID", "--value", unit));
        return processes;
    }
}
