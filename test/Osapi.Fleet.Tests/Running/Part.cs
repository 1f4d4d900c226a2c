namespace Osapi.Fleet.Tests.Running;

/// <summary>A program of a fleet that can be killed and started again on its host.</summary>
/// <param name="host">Where it runs.</param>
/// <param name="log">Where it is written what it says.</param>
/// <param name="ready">What it says when it is ready.</param>
/// <param name="command">The program and its arguments.</param>
internal sealed class Part(FleetHost host, string log, string ready, params string[] command) : IAsyncDisposable
{
    private FleetProcess? running;

    public FleetHost Host => host;

    /// <summary>True once it was started and until it was ended here.</summary>
    public bool IsRunning => running is not null;

    /// <summary>True when it ended by itself.</summary>
    public bool HasEnded => running is { HasExited: true };

    /// <summary>Starts it; the task completes when it is ready.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        Launch();
        return running!.LineAsync(ready, cancellationToken);
    }

    /// <summary>Starts it, and does not wait until it is ready.</summary>
    public void Launch() => running = host.Launch(log, command);

    public async Task KillAsync() => await EndAsync(FleetProcess.Kill);

    /// <summary>Ends it with a signal; its exit code.</summary>
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
