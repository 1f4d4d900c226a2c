using Osapi.Operations;

namespace Osapi.Client;

internal sealed partial class HttpInvoker
{
    // The job is known a moment after the call was sent.
    private static readonly TimeSpan UnknownJobDelay = TimeSpan.FromMilliseconds(100);

    // The call's own answer has every host: following only makes the reports earlier, and may fail.
    private async Task<OperationReply> FollowCallAsync(
        Operation operation, ReadOnlyMemory<byte> request, Target? target, CallOptions call, CancellationToken cancellationToken)
    {
        EndedHosts ended = new(call.HostEnded!);
        using var answered = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // A single host has ended when the answer comes.
        var following = target is { IsBroadcast: true } ? FollowAsync(call.JobId!.Value, ended, answered.Token) : Task.CompletedTask;
        IReadOnlyList<HostReply> hosts = [];
        try
        {
            var reply = await SendCallAsync(operation, request, form: null, target, call, cancellationToken).ConfigureAwait(false);
            hosts = reply.Hosts;
            return reply;
        }
        catch (ApiException failure)
        {
            hosts = failure.Hosts;
            throw;
        }
        finally
        {
            await answered.CancelAsync().ConfigureAwait(false);
            await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ended.Report(hosts);
        }
    }

    private async Task FollowAsync(JobId id, EndedHosts ended, CancellationToken cancellationToken)
    {
        while (true)
            try
            {
                await foreach (var update in WatchAsync(id, after: null, withReplies: true, cancellationToken).ConfigureAwait(false))
                    if (update.Reply is { } reply)
                        ended.Report(reply);
                return;
            }
            catch (NotFoundException)
            {
                await Task.Delay(UnknownJobDelay, TimeProvider.System, cancellationToken).ConfigureAwait(false);
            }
    }
}
