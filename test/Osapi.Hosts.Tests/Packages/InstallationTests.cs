using System.Text.RegularExpressions;
using Osapi.Hosts.Tests.Documentation;
using Osapi.Hosts.Tests.Hosts;

namespace Osapi.Hosts.Tests.Packages;

/// <summary>Tests of the package from its installation to its purge, on a host that booted systemd and has nothing else of OSAPI.</summary>
public sealed partial class InstallationTests(BootedHost booted) : IClassFixture<BootedHost>
{
    [Fact]
    public async Task Three_commands_give_a_first_result_and_removal_and_purge_leave_what_they_should()
    {
        var host = await booted.GetAsync();
        var package = await DebianPackage.BuildForAsync(host, "0.2.0");
        var readme = await File.ReadAllTextAsync(Path.Combine(Programs.Repository, "README.md"), TestContext.Current.CancellationToken);
        List<string> commands = [.. Commands().Matches(readme[readme.IndexOf("## Install", StringComparison.Ordinal)..]).Take(3).Select(command => command.Groups[1].Value)];

        var first = "";
        foreach (var command in commands)
            first = await host.MustAsync("sh", "-c", $"cd /root; {command}");

        Assert.Equal("s1  ok\n  os_hostname  s1", first);
        Assert.Equal("enabled", (await host.RunAsync("systemctl", "is-enabled", "osapi")).Output.Trim());
        foreach (var other in (string[])["osapi-controller", "osapi-agent"])
            Assert.Equal(("disabled", "inactive"), ((await host.RunAsync("systemctl", "is-enabled", other)).Output.Trim(), (await host.RunAsync("systemctl", "is-active", other)).Output.Trim()));
        Assert.Equal("/var/lib/osapi:/usr/sbin/nologin", string.Join(':', (await host.MustAsync("getent", "passwd", "osapi")).Split(':')[^2..]));
        Assert.Contains("no problems", await host.MustAsync("osapi", "config", "check"), StringComparison.Ordinal);
        Assert.Empty(await host.MustAsync("dpkg", "--verify", "osapi"));

        await host.MustAsync("sh", "-c", "echo '# of the operator' >> /etc/osapi/osapi.yaml; touch /etc/osapi/controller.key");
        await host.MustAsync("apt-get", "remove", "-y", "osapi");
        Assert.Equal("inactive", (await host.RunAsync("systemctl", "is-active", "osapi")).Output.Trim());
        Assert.Empty((await host.RunAsync("pgrep", "-x", "osapi")).Output);
        Assert.False(File.Exists(host.Outside("/usr/bin/osapi")));
        Assert.True(File.Exists(host.Outside("/var/lib/osapi/osapi.db")));
        Assert.Contains("# of the operator", await File.ReadAllTextAsync(host.Outside("/etc/osapi/osapi.yaml"), TestContext.Current.CancellationToken), StringComparison.Ordinal);

        // What was enabled is enabled again, with its state, and nothing has started.
        await host.MustAsync("apt-get", "install", "-y", package);
        Assert.Equal(("enabled", "inactive"), ((await host.RunAsync("systemctl", "is-enabled", "osapi")).Output.Trim(), (await host.RunAsync("systemctl", "is-active", "osapi")).Output.Trim()));
        await host.MustAsync("systemctl", "start", "osapi");
        Assert.Contains("node.hostname.get", await host.MustAsync("osapi", "job", "list"), StringComparison.Ordinal);

        await host.MustAsync("apt-get", "purge", "-y", "osapi");
        Assert.Equal(2, (await host.RunAsync("getent", "passwd", "osapi")).ExitCode);
        Assert.All((string[])["/var/lib/osapi", "/etc/osapi/osapi.yaml", "/usr/bin/osapi", "/usr/share/doc/osapi", "/etc/systemd/system/multi-user.target.wants/osapi.service"], path => Assert.False(Path.Exists(host.Outside(path)), path));
        Assert.True(File.Exists(host.Outside("/etc/osapi/controller.key")));
        Assert.Equal(4, (await host.RunAsync("systemctl", "status", "osapi")).ExitCode);
    }

    [GeneratedRegex(@"^\$ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Commands();
}
