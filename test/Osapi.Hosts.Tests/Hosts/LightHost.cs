namespace Osapi.Hosts.Tests.Hosts;

/// <summary>A host without systemd: its root is this machine's with an overlay. It starts in a fraction of a second.</summary>
public sealed class LightHost : TestHost
{
    private LightHost(LastingProcess process, string directory, string address)
        : base(process, directory, address)
    {
    }

    private protected override string Executable => Environment.ProcessPath!;

    public static async Task<LightHost> StartAsync(TestNetwork network, string name, int lastByte, CancellationToken cancellationToken)
    {
        var (process, directory) = await StartAsync(network, "light", name, lastByte, "-", cancellationToken);
        return new(process, directory, $"10.77.0.{lastByte}");
    }
}
