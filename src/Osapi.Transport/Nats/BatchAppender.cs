namespace Osapi.Transport.Nats;

/// <summary>Appends to the logs.</summary>
/// <remarks>
/// The broker takes one message at a time, so several messages are sent one after the other. Only where nothing can be
/// refused and the order does not matter, as with the commands of a broadcast, are many in flight at once.
/// </remarks>
internal sealed class BatchAppender(NatsBroker broker, StreamPublisher publisher)
{
    private const int MaxInFlight = 128;

    public async Task<AppendResult> AppendAsync(IReadOnlyList<Append> messages, CancellationToken cancellationToken)
    {
        long last = 0;
        for (var i = 0; i < messages.Count;)
        {
            var count = CountBatch(messages, i);
            if (count > 1)
                last = await AppendTogetherAsync([.. messages.Skip(i).Take(count)], cancellationToken);
            else if (await AppendAsync(messages[i], cancellationToken) is { } sequence)
                last = sequence;
            else
                return new(Appended: false, last, messages[i].Subject);
            i += count;
        }

        return new(Appended: true, last);
    }

    /// <summary>Counts the messages from here on that have no condition, are in one log and each on its own subject.</summary>
    private static int CountBatch(IReadOnlyList<Append> messages, int first)
    {
        HashSet<string> subjects = [];
        var end = first;
        while (end < messages.Count && messages[end].ExpectedLast is null && messages[end].Stream == messages[first].Stream && subjects.Add(messages[end].Subject))
            end++;
        return Math.Max(1, end - first);
    }

    private Task<long?> AppendAsync(Append message, CancellationToken cancellationToken) => publisher.PublishAsync(
        broker.Names.StreamOf(message.Stream), broker.Names.SubjectsOf(message.Stream) + message.Subject, message.Payload, message.ExpectedLast, message.MessageId, headers: null, cancellationToken);

    private async Task<long> AppendTogetherAsync(Append[] messages, CancellationToken cancellationToken)
    {
        var sequences = new long[messages.Length];
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using SemaphoreSlim free = new(MaxInFlight);
        List<Task> appends = new(messages.Length);
        for (var i = 0; i < messages.Length; i++)
        {
            // The first failure ends the wait; its exception is reported.
            await free.WaitAsync(failed.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (failed.IsCancellationRequested)
                break;
            appends.Add(AppendOneAsync(i));
        }

        await Task.WhenAll(appends);
        cancellationToken.ThrowIfCancellationRequested();
        return sequences[^1];

        async Task AppendOneAsync(int i)
        {
            try
            {
                sequences[i] = await AppendAsync(messages[i], cancellationToken) ?? throw new InvalidOperationException("A message without a condition was refused.");
            }
            catch
            {
                await failed.CancelAsync();
                throw;
            }
            finally
            {
                free.Release();
            }
        }
    }
}
