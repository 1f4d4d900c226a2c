using System.Threading.Channels;

namespace Osapi.Agent.Jobs.Ledgers;

/// <summary>Decides when the file of a ledger is compacted, so that replies that were published do not stay in it.</summary>
/// <remarks>It takes real time, also where a test controls the clock: no result depends on it.</remarks>
internal sealed class ReplyRemoval(TimeSpan after)
{
    private long? since;

    /// <summary>True when replies have been in the file for long enough.</summary>
    public bool IsDue => Left == TimeSpan.Zero;

    // Null while the file has no reply.
    private TimeSpan? Left => since is not { } begun ? null : after - TimeProvider.System.GetElapsedTime(begun) is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    /// <summary>Notes that a reply is written.</summary>
    public void Begin() => since ??= TimeProvider.System.GetTimestamp();

    /// <summary>Notes that the file was compacted.</summary>
    /// <param name="hasReplies">True when it still has replies, which are not published.</param>
    public void Restart(bool hasReplies) => since = hasReplies ? TimeProvider.System.GetTimestamp() : null;

    /// <summary>Waits for something in a queue, and compacts meanwhile when it is due; false at the end of the queue.</summary>
    public async Task<bool> WaitAsync<T>(ChannelReader<T> queue, Action compact)
    {
        while (Left is { } left)
        {
            using CancellationTokenSource timeout = new(left, TimeProvider.System);
            try
            {
                return await queue.WaitToReadAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                compact();
            }
        }

        return await queue.WaitToReadAsync();
    }
}
