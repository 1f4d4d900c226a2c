namespace Osapi.Fleet.Tests.Running;

/// <summary>
/// Injects faults into a fleet at random instants: kills processes without warning, cuts links, and repairs both a
/// little later.
/// </summary>
internal sealed class FaultInjector(RunningFleet fleet, Random random)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(1500);
    private readonly SortedDictionary<string, int> done = [];

    /// <summary>The faults so far, by kind.</summary>
    public string Summary => string.Join(", ", done.Select(kind => $"{kind.Value} {kind.Key}"));

    /// <summary>Injects one fault after the other until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        List<Task> mending = [];
        while (!stop.IsCancellationRequested)
        {
            mending.Add(BreakAsync());
            await PauseAsync(stop);
        }

        await Task.WhenAll(mending);
    }

    private Task BreakAsync() => random.Next(10) switch
    {
        < 5 => KillAsync("agents killed", One(fleet.Agents)),
        < 6 => KillAsync("controllers killed", One(fleet.Controllers)),
        < 7 => KillAsync("brokers killed", One(fleet.Brokers)),
        _ => CutAsync(One([.. fleet.Agents, .. fleet.Controllers]).Host),
    };

    private async Task KillAsync(string what, Part part)
    {
        Mark(what);
        await part.KillAsync();
        await PauseAsync(CancellationToken.None);
        // Another task may have killed and started it in between.
        if (!part.IsRunning)
            part.Launch();
    }

    private async Task CutAsync(FleetHost host)
    {
        Mark("links cut");
        await host.CutAsync();
        await PauseAsync(CancellationToken.None);
        await host.JoinAsync();
    }

    private void Mark(string what) => done[what] = done.GetValueOrDefault(what) + 1;

    private Part One(IReadOnlyList<Part> parts) => parts[random.Next(parts.Count)];

    private async Task PauseAsync(CancellationToken stop) =>
        await Task.Delay(LongestPause * random.NextDouble(), TimeProvider.System, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
