namespace Osapi.Hosts.Tests.Hosts;

/// <summary>A network for hosts in its own namespace, isolated from the machine and from other runs.</summary>
/// <remarks>Two DNS servers in it disagree about <c>web.lab.test</c>, so that an answer shows which server was used.</remarks>
public sealed class TestNetwork : IAsyncDisposable
{
    public const string FirstServer = "10.77.0.254", FirstServer6 = "fd77::254", SecondServer = "10.77.0.253";

    /// <summary>The servers' answers for <c>web.lab.test</c>.</summary>
    public const string FirstAnswer = "10.77.0.42", SecondAnswer = "10.77.0.99";

    private readonly LastingProcess process;

    private TestNetwork(LastingProcess process) => this.process = process;

    internal int Pid => process.Pid;

    internal static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "Hosts", name);

    public static async Task<TestNetwork> StartAsync(CancellationToken cancellationToken) =>
        new(await LastingProcess.StartAsync(["unshare", "--net", "bash", Script("switch.sh")], cancellationToken));

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
