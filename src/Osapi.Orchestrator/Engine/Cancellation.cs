namespace Osapi.Orchestrator.Engine;

/// <summary>Cancels without letting the callbacks of bodies harm the one who cancels.</summary>
internal static class Cancellation
{
    /// <summary>The token is cancelled at once; its callbacks run on the thread pool, and what they throw concerns nobody.</summary>
    public static void Request(CancellationTokenSource source) => _ = IgnoreAsync(source.CancelAsync());

    private static async Task IgnoreAsync(Task callbacks) => await callbacks.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
