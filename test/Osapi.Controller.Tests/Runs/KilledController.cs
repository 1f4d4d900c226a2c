using System.Diagnostics;
using Osapi.Client;
using Osapi.Hosting;
using Osapi.Transport.Nats;

namespace Osapi.Controller.Tests.Runs;

/// <summary>A controller in a process of its own, which a test kills.</summary>
internal sealed class KilledController(string directory, string? broker) : IAsyncDisposable
{
    public const string Argument = "--run-a-controller";

    private Process? process;

    /// <summary>Runs the controller in this process.</summary>
    public static async Task<int> RunAsync(string directory, string? broker)
    {
        await using var node = await OsapiNode.StartAsync(new() { StateDirectory = directory, Agent = null, Nats = broker is null ? null : new NatsOptions { Urls = [broker] } });
        Console.WriteLine("ready");
        await node.WaitForShutdownAsync(CancellationToken.None);
        return 1;
    }

    public async Task StartAsync(CancellationToken token)
    {
        process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, broker is null ? [Argument, directory] : [Argument, directory, broker]) { RedirectStandardOutput = true })!;
        Assert.Equal("ready", await process.StandardOutput.ReadLineAsync(token));
    }

    public OsapiClient Connect() => OsapiClient.ForSocket(Path.Combine(directory, "osapi.sock"), AdminToken.Of(directory));

    public async Task KillAsync()
    {
        if (process is null)
            return;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        process = null;
    }

    public async ValueTask DisposeAsync() => await KillAsync();
}
