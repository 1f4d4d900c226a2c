using System.Globalization;
using Osapi.Hosts.Tests.Hosts;

namespace Osapi.Fleet.Tests.Running;

/// <summary>A host of a fleet: processes run in it, and its link can be cut.</summary>
internal sealed class FleetHost : NamespaceHost
{
    private readonly TestNetwork network;
    private readonly string link;

    private FleetHost(TestNetwork network, string name, int lastByte, LastingProcess process, string directory)
        : base(process, directory, $"10.77.0.{lastByte}")
    {
        this.network = network;
        Name = name;
        link = $"v{lastByte}";
    }

    public string Name { get; }

    public static async Task<FleetHost> StartAsync(TestNetwork network, string name, int lastByte, CancellationToken cancellationToken)
    {
        var (process, directory) = await StartAsync(network, "light", name, lastByte, "-", cancellationToken);
        return new(network, name, lastByte, process, directory);
    }

    /// <summary>Starts a program in the host.</summary>
    public FleetProcess Launch(string log, params string[] command) => FleetProcess.Start($"{Name} {Path.GetFileName(command[0])}", [.. Enter, .. command], log);

    /// <summary>Cuts the link: nothing gets in or out until it is joined again, and no connection is closed.</summary>
    public Task CutAsync() => SetLinkAsync("down");

    public Task JoinAsync() => SetLinkAsync("up");

    /// <summary>Reads the lines of a file in the host; empty when it does not exist.</summary>
    public string[] Lines(string path) => File.Exists(Outside(path)) ? File.ReadAllLines(Outside(path)) : [];

    /// <summary>Lists the names in a directory of the host.</summary>
    public string[] Names(string path) => Directory.Exists(Outside(path)) ? [.. Directory.GetFiles(Outside(path)).Select(file => Path.GetFileName(file))] : [];

    private async Task SetLinkAsync(string state)
    {
        var (code, _, error) = await Tool.RunAsync(
            ["nsenter", "-t", network.Pid.ToString(CultureInfo.InvariantCulture), "--net", "ip", "link", "set", link, state], CancellationToken.None);
        Assert.True(code == 0, error);
    }
}
