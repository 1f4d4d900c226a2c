using System.Collections.Concurrent;
using Osapi.Cli.Rendering;
using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Jobs;

namespace Osapi.Cli.Operations;

/// <summary>Prints the output of a call while it runs, each line after the name of its host.</summary>
internal sealed class FollowedCall(OsapiClient client, JobId id) : IDisposable
{
    // The job is known a moment after the call was sent.
    private static readonly TimeSpan UnknownJobDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastEventTimeout = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource answered = new();
    private readonly ConcurrentDictionary<string, Task> hosts = [];

    /// <summary>Calls, and prints what the hosts write meanwhile; completes when all of it is printed.</summary>
    /// <param name="call">Makes the call with the id of this job.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<OperationReply> RunAsync(Func<Task<OperationReply>> call, CancellationToken cancellationToken)
    {
        using var following = CancellationTokenSource.CreateLinkedTokenSource(answered.Token, cancellationToken);
        var watching = WatchAsync(following.Token, cancellationToken);
        try
        {
            var reply = await call();
            // The answer comes after the last event, but its reader may be behind.
            answered.CancelAfter(LastEventTimeout);
            return reply;
        }
        catch
        {
            // A call that was refused has no events.
            await answered.CancelAsync();
            throw;
        }
        finally
        {
            await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.WhenAll(hosts.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose() => answered.Dispose();

    private async Task WatchAsync(CancellationToken stop, CancellationToken cancellationToken)
    {
        while (true)
            try
            {
                await foreach (var update in client.Job.WatchAsync(id, cancellationToken: stop))
                    if (update is { Hostname: { } host, Event: "started" })
                        _ = hosts.GetOrAdd(host, _ => Task.WhenAll(Enum.GetValues<OutputStream>().Select(stream => PrintAsync(host, stream, cancellationToken))));
                return;
            }
            catch (NotFoundException)
            {
                await Task.Delay(UnknownJobDelay, TimeProvider.System, stop);
            }
    }

    private async Task PrintAsync(string host, OutputStream stream, CancellationToken cancellationToken)
    {
        try
        {
            await using var content = await client.Job.OpenOutputAsync(id, host, stream, follow: true, cancellationToken);
            await OutputLines.PrintAsync(content, $"{host}: ", cancellationToken);
        }
        catch (OsapiException exception)
        {
            // The call goes on, and its answer has the outcome.
            Terminal.Warn($"the output of {host} is not complete: {exception.Message}; osapi job output {id} --host {host} prints it");
        }
    }
}
