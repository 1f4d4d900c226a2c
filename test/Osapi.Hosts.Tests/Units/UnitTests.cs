using System.Globalization;
using System.Text.RegularExpressions;
using Osapi.Hosts.Tests.Documentation;
using Osapi.Hosts.Tests.Hosts;

namespace Osapi.Hosts.Tests.Units;

/// <summary>Tests of the units in <c>examples/systemd</c>, on a host that booted systemd.</summary>
public sealed partial class UnitTests(BootedHost booted) : IClassFixture<BootedHost>
{
    private const string Units = "/etc/systemd/system";

    private static string Examples => Path.Combine(Programs.Repository, "examples", "systemd");

    [Fact]
    public async Task The_exposure_of_each_unit_is_as_low_as_its_work_allows()
    {
        var host = await booted.GetAsync();
        Install(host);

        Assert.InRange(await ExposureAsync(host, "osapi-controller.service"), 0, 2.5);
        // An agent does what an administrator does; docs/restrictions.md has the reason for each directive that it lacks.
        Assert.InRange(await ExposureAsync(host, "osapi-agent.service"), 0, 9.3);
        Assert.InRange(await ExposureAsync(host, "osapi.service"), 0, 9.3);
        Observe(host);
        Assert.InRange(await ExposureAsync(host, "osapi-agent.service"), 0, 2.8);
        File.Delete(host.Outside($"{Units}/osapi-agent.service.d/observer.conf"));
    }

    [Fact]
    public async Task Controller_and_agent_work_within_the_limits_of_their_units()
    {
        var host = await booted.GetAsync();
        if (Environment.GetEnvironmentVariable("OSAPI_BIN") is not { Length: > 0 })
            Assert.Skip("NOT TESTED: the units need the executable that OSAPI_BIN names, because the controller's forbids writing code.");
        Install(host);
        Copy(Programs.Osapi, host.Outside("/usr/bin/osapi"));
        Copy("/usr/sbin/nats-server", host.Outside("/usr/bin/nats-server"));
        await host.MustAsync("useradd", "--system", "--home-dir", "/var/lib/osapi", "osapi");
        await host.MustAsync("systemctl", "daemon-reload");
        await StartAsync(host, "nats-server");
        await StartAsync(host, "osapi-controller");
        var token = await host.MustAsync("osapi", "agent", "join-token", "--name", "s1", "--expires", "1h");
        Directory.CreateDirectory(host.Outside($"{Units}/osapi-agent.service.d"));
        await File.WriteAllTextAsync(host.Outside($"{Units}/osapi-agent.service.d/token.conf"), $"[Service]\nEnvironment=OSAPI_AGENT_JOIN_TOKEN={JoinToken().Match(token).Value}\n", TestContext.Current.CancellationToken);
        await host.MustAsync("systemctl", "daemon-reload");
        await StartAsync(host, "osapi-agent");

        Assert.Contains("uid=0(root)", await host.MustAsync("osapi", "command", "shell", "--command", "id; hostname > /etc/made-by-agent", "--target", "s1"), StringComparison.Ordinal);
        Assert.Equal("s1\n", await File.ReadAllTextAsync(host.Outside("/etc/made-by-agent"), TestContext.Current.CancellationToken));
        Assert.Contains("/var/lib/osapi/osapi.sock", await host.MustAsync("journalctl", "-u", "osapi-controller", "--no-pager"), StringComparison.Ordinal);

        Observe(host);
        await File.WriteAllTextAsync(host.Outside("/etc/osapi/osapi.yaml"), "agent:\n  allow:\n    operations: [node.*, network.dns.get, file.status.get]\n", TestContext.Current.CancellationToken);
        await host.MustAsync("systemctl", "daemon-reload");
        await host.MustAsync("systemctl", "restart", "osapi-agent");
        Assert.Contains("s1", await host.MustAsync("osapi", "node", "status", "--target", "s1"), StringComparison.Ordinal);
        var (code, _, error) = await host.RunAsync("osapi", "command", "exec", "--command", "true", "--target", "s1");
        Assert.Equal(4, code);
        Assert.Contains("denied by the agent's configuration", error, StringComparison.Ordinal);
        Assert.Equal(1, (await host.RunAsync("osapi", "agent", "config", "check", "command.exec.execute")).ExitCode);

        await host.MustAsync("systemctl", "stop", "osapi-agent", "osapi-controller", "nats-server");
        Assert.Equal("inactive", (await host.RunAsync("systemctl", "is-active", "osapi-controller")).Output.Trim());
    }

    private static void Install(SystemdHost host)
    {
        foreach (var unit in Directory.GetFiles(Examples, "*.service"))
            File.Copy(unit, host.Outside($"{Units}/{Path.GetFileName(unit)}"), overwrite: true);
        File.WriteAllText(host.Outside($"{Units}/nats-server.service"), "[Service]\nExecStart=/usr/bin/nats-server -a 127.0.0.1 -js -sd /var/lib/nats\n");
        Directory.CreateDirectory(host.Outside("/etc/osapi"));
    }

    private static void Observe(SystemdHost host)
    {
        Directory.CreateDirectory(host.Outside($"{Units}/osapi-agent.service.d"));
        File.Copy(Path.Combine(Examples, "osapi-agent-observer.conf"), host.Outside($"{Units}/osapi-agent.service.d/observer.conf"), overwrite: true);
    }

    private static void Copy(string program, string path)
    {
        File.Copy(program, path, overwrite: true);
        File.SetUnixFileMode(path, (UnixFileMode)0x1ED);
    }

    // Units of type notify have started when the service is ready.
    private static async Task StartAsync(SystemdHost host, string unit)
    {
        var (code, _, error) = await host.RunAsync("systemctl", "start", unit);
        Assert.True(code == 0, $"{error}{(code == 0 ? "" : (await host.RunAsync("journalctl", "-u", unit, "--no-pager", "-n", "50")).Output)}");
    }

    private static async Task<double> ExposureAsync(SystemdHost host, string unit) => double.Parse(
        Overall().Match(await host.MustAsync("systemd-analyze", "security", "--offline=yes", "--no-pager", unit)).Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("eyJ[^\\s\"]+")]
    private static partial Regex JoinToken();

    [GeneratedRegex("Overall exposure level for [^:]+: ([0-9.]+)")]
    private static partial Regex Overall();
}
