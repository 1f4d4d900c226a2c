using Microsoft.Data.Sqlite;
using Osapi.Controller.Runs.ReadModel;
using Osapi.Controller.Runs.Runners;
using Osapi.Transport;

namespace Osapi.Controller.Runs.Detached;

/// <summary>Runs one detached plan: it is heard meanwhile, and stops when it is cancelled, taken over, or its token no longer counts.</summary>
internal sealed class DetachedExecution(
    ITransport transport, ControllerOptions options, RunIndex index, RunChanges changes, RunnerPresence presence, RunnerSignals signals, HandedOverInputs inputs, GrantedTokens tokens, TokenStanding standing, DetachedEnding ending, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Runs the plan until the run has ended, or is another runner's.</summary>
    /// <param name="run">The run, whose runner is this one.</param>
    /// <param name="letGo">Stops it at once; its jobs go on.</param>
    public async Task RunAsync(JournalState run, CancellationToken letGo)
    {
        var runner = run.Head.Runner;
        presence.Open(runner);
        try
        {
            await signals.AnnounceAsync(runner);
            var (status, reason) = await RunPlanAsync(run, run.Head.Detached!, letGo);
            if (reason is not null && !letGo.IsCancellationRequested)
                await ending.EndAsync(run.Id, runner, status, reason, letGo);
        }
        finally
        {
            presence.Close(runner, isSilent: true);
            await signals.AnnounceSilentAsync(runner);
            changes.Wake(run.Id);
        }
    }

    private async Task<(string Status, string? Reason)> RunPlanAsync(JournalState run, DetachedHead detached, CancellationToken letGo)
    {
        if (await inputs.FindAsync(run, letGo) is not { } given)
            return ("failed", "what was handed over with it, its secrets and environment, is gone");
        using CancellationTokenSource cancelled = new();
        using var stopped = CancellationTokenSource.CreateLinkedTokenSource(letGo);
        using CancellationTokenSource ended = new();
        var watching = WatchAsync(run, cancelled, stopped, ended.Token);
        try
        {
            var problem = await options.RunDetached!(new(run.Id, run.Head.Runner, given)
            {
                Position = run.Position,
                JobsSince = transport.ServerNow - options.KeepJobs,
                RetryUpTo = detached.RetryUpTo,
                Token = tokens.For(detached.Grant),
                Open = (file, cancellationToken) => inputs.OpenAsync(run.Id, file, cancellationToken),
                Cancelled = cancelled.Token,
                LetGo = stopped.Token,
            });
            return standing.RefusalOf(detached.Grant) is { } refusal ? ("cancelled", refusal) : ("failed", problem);
        }
        catch (Exception) when (standing.RefusalOf(detached.Grant) is not null)
        {
            // Its calls were refused.
            return ("cancelled", standing.RefusalOf(detached.Grant));
        }
        finally
        {
            await ended.CancelAsync();
            await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task WatchAsync(JournalState run, CancellationTokenSource cancelled, CancellationTokenSource stopped, CancellationToken ended)
    {
        using var change = changes.Follow(run.Id);
        while (!ended.IsCancellationRequested)
        {
            var next = Task.WhenAny(change.Next, standing.Next);
            try
            {
                if (index.Find(run.Id) is not { } now || now.Head.Runner != run.Head.Runner || standing.RefusalOf(run.Head.Detached!.Grant) is not null)
                {
                    await stopped.CancelAsync();
                    return;
                }

                if (!cancelled.IsCancellationRequested && index.WishOf(run.Id) is not null)
                    await cancelled.CancelAsync();
            }
            catch (SqliteException)
            {
                // The read model reports its trouble itself.
            }

            await ((Task)next).WaitAsync(Interval, time, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
