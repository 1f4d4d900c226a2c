namespace Osapi.Hosts.Tests.Hosts;

/// <summary>
/// A host that booted systemd, with systemd-resolved, systemd-networkd, netplan and D-Bus, on a Debian that is created
/// once per machine.
/// </summary>
public sealed class SystemdHost : TestHost
{
    // Increase the number when the list of packages changes.
    private static readonly string Golden = Path.Combine(Environment.GetEnvironmentVariable("OSAPI_TEST_CACHE") ?? "/var/cache/osapi-tests", "bookworm-1");

    private SystemdHost(LastingProcess process, string directory, string address)
        : base(process, directory, address)
    {
    }

    private protected override string Executable => "/srv/" + Path.GetFileName(Environment.ProcessPath!);

    private protected override IEnumerable<string> Namespaces => [.. base.Namespaces, "--cgroup"];

    public static async Task<SystemdHost> StartAsync(TestNetwork network, string name, int lastByte, CancellationToken cancellationToken)
    {
        var (code, output, error) = await Tool.RunAsync(["bash", TestNetwork.Script("golden-root.sh"), Golden], cancellationToken, TimeSpan.FromMinutes(5));
        if (code != 0)
            throw new InvalidOperationException($"the root for systemd hosts could not be made: {output[^Math.Min(output.Length, 2000)..]}{error}");
        var (process, directory) = await StartAsync(network, "systemd", name, lastByte, Golden, cancellationToken);
        SystemdHost host = new(process, directory, $"10.77.0.{lastByte}");
        await host.BootedAsync(cancellationToken);
        return host;
    }

    // systemctl itself waits, once the manager answers; before that it fails at once.
    private async Task BootedAsync(CancellationToken cancellationToken)
    {
        var begin = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var (_, state, error) = await Tool.RunAsync([.. Enter, "systemctl", "is-system-running", "--wait"], cancellationToken);
            if (state.Trim() is "running" or "degraded")
                break;
            if (TimeProvider.System.GetElapsedTime(begin) > TimeSpan.FromSeconds(60))
                throw new InvalidOperationException($"the host did not boot: {state} {error}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
        }

        // It starts before the bus, and without udev it would not connect to it by itself.
        await Tool.RunAsync([.. Enter, "systemctl", "restart", "systemd-networkd"], cancellationToken);
    }
}
