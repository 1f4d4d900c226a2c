namespace Osapi.Orchestrator.Engine;

/// <summary>Cancels a token without being affected by its callbacks.</summary>
internal static class Cancellation
{
    /// <summary>Cancels the token at once; its callbacks run on the thread pool, and their exceptions are ignored.</summary>
    public static void Request(CancellationTokenSource source) => _ = IgnoreAsync(source.CancelAsync());

    private static async Task IgnoreAsync(Task callbacks) => await callbacks.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
