using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Osapi.Controller.Tests.Attacks;

/// <summary>The messages that the readers of this process have skipped, as the metric <c>osapi.messages.passed_over</c> counts them.</summary>
internal sealed class SkipCounts : IDisposable
{
    private readonly MeterListener listener = new();
    private readonly ConcurrentDictionary<string, long> counts = new();
    private TaskCompletionSource counted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SkipCounts()
    {
        listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Name == "osapi.messages.passed_over")
                listener.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            counts.AddOrUpdate($"{tags[0].Value}", value, (_, before) => before + value);
            Interlocked.Exchange(ref counted, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        });
        listener.Start();
    }

    public long Of(IEnumerable<string> readers) => readers.Sum(reader => counts.GetValueOrDefault(reader));

    /// <summary>Waits until one of the readers has counted more than before; false after the time.</summary>
    public async Task<bool> ExceedsAsync(IReadOnlyList<string> readers, long before, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ending.CancelAfter(timeout);
        while (true)
        {
            var next = Volatile.Read(ref counted).Task;
            if (Of(readers) > before)
                return true;
            try
            {
                await next.WaitAsync(ending.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return Of(readers) > before;
            }
        }
    }

    public override string ToString() => string.Join(", ", counts.OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => $"{count.Key} {count.Value}"));

    public void Dispose() => listener.Dispose();
}
