namespace Osapi.Fleet.Tests.Running;

/// <summary>A program of a fleet that can be killed and restarted on its host.</summary>
/// <param name="host">The host.</param>
/// <param name="log">The file of its output.</param>
/// <param name="ready">The text in its output when it is ready.</param>
/// <param name="command">The program and its arguments.</param>
internal sealed class Part(FleetHost host, string log, string ready, params string[] command) : IAsyncDisposable
{
    private FleetProcess? running;

    public FleetHost Host => host;

    /// <summary>True from its start until it was ended here.</summary>
    public bool IsRunning => running is not null;

    /// <summary>True when it ended by itself.</summary>
    public bool HasEnded => running is { HasExited: true };

    /// <summary>Starts it, and waits until it is ready.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        Launch();
        return running!.LineAsync(ready, cancellationToken);
    }

    /// <summary>Starts it, and does not wait until it is ready.</summary>
    public void Launch() => running = host.Launch(log, command);

    public async Task KillAsync() => await EndAsync(FleetProcess.Kill);

    /// <summary>Ends it with a signal, and gets its exit code.</summary>
    public async Task<int> EndAsync(int signal)
    {
        var ending = Interlocked.Exchange(ref running, null);
        if (ending is null)
            return 0;
        var code = await ending.EndAsync(signal);
        await ending.DisposeAsync();
        return code;
    }

    public async ValueTask DisposeAsync() => await EndAsync(FleetProcess.Kill);
}
