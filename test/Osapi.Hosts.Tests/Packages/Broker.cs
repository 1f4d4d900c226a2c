using Osapi.Hosts.Tests.Hosts;

namespace Osapi.Hosts.Tests.Packages;

/// <summary>A broker as a service of a host.</summary>
internal static class Broker
{
    /// <summary>Installs the broker, as its package does; its configuration is <c>/etc/nats-server.conf</c>, at first for this host only.</summary>
    public static async Task InstallAsync(SystemdHost host)
    {
        File.Copy("/usr/sbin/nats-server", host.Outside("/usr/sbin/nats-server"), overwrite: true);
        File.SetUnixFileMode(host.Outside("/usr/sbin/nats-server"), (UnixFileMode)0x1ED);
        await File.WriteAllTextAsync(host.Outside("/etc/nats-server.conf"), "listen: 127.0.0.1:4222\njetstream { store_dir: /var/lib/nats }\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(host.Outside("/etc/systemd/system/nats-server.service"), "[Service]\nExecStart=/usr/sbin/nats-server -c /etc/nats-server.conf\n", TestContext.Current.CancellationToken);
        await host.MustAsync("systemctl", "daemon-reload");
        await host.MustAsync("systemctl", "start", "nats-server");
    }
}
