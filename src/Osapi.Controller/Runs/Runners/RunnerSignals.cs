using Microsoft.Extensions.Hosting;
using Osapi.Operations.Runs;
using Osapi.Transport;
using Osapi.Transport.Runs;

namespace Osapi.Controller.Runs.Runners;

/// <summary>Tells the other controllers which runners this one hears, and listens to them.</summary>
internal sealed class RunnerSignals(ITransport transport, RunnerPresence presence, TimeProvider time) : BackgroundService
{
    /// <summary>The time between two signals about the same runner.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private const int RunnersPerSignal = 1000;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly string id = Guid.NewGuid().ToString("N");

    /// <summary>Tells the others that a runner is heard.</summary>
    public Task AnnounceAsync(RunId runner) => SendAsync(new() { Heard = [runner] });

    /// <summary>Tells the others that a runner's stream has closed.</summary>
    public Task AnnounceSilentAsync(RunId runner) => SendAsync(new() { Silent = [runner] });

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => !transport.IsShared
        ? Task.CompletedTask
        : Task.WhenAll(
            // The interruption of the connection is reported elsewhere.
            new RetryLoop(time, RetryDelay).RunAsync(() => ListenAsync(stoppingToken), static _ => { }, stoppingToken),
            PeriodicLoop.RunAsync(Interval, time, _ => AnnounceAllAsync(), stoppingToken));

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await foreach (var signal in transport.Signals.ListenAsync(RunSubjects.Signals, cancellationToken))
            if (signal.Subject != RunSubjects.Signal(id) && RunJson.Unpack(signal.Payload.Span, RunJson.Stored.HeardRunners) is { } heard && presence.Apply(heard))
                await AnnounceAllAsync();
    }

    private async Task AnnounceAllAsync()
    {
        foreach (var runners in presence.Own.Chunk(RunnersPerSignal))
            await SendAsync(new() { Heard = runners });
    }

    private async Task SendAsync(HeardRunners heard)
    {
        if (!transport.IsShared)
            return;
        try
        {
            await transport.Signals.SendAsync(RunSubjects.Signal(id), RunJson.Pack(heard, RunJson.Stored.HeardRunners), CancellationToken.None);
        }
        catch (TransportException)
        {
            // The next signal follows in a few seconds.
        }
    }
}
