using System.Runtime.CompilerServices;
using System.Text.Json;
using Osapi.Operations.Runs;

namespace Osapi.Client;

internal sealed partial class HttpInvoker
{
    /// <inheritdoc/>
    /// <exception cref="NotFoundException">The run does not exist, or it was removed before its end was received.</exception>
    /// <exception cref="ConnectionException">The controller cannot be reached: thrown at once for the first connection, after one minute of retries later.</exception>
    public async IAsyncEnumerable<JournalBatch> WatchRunAsync(RunId id, long? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var sent in FollowEventsAsync($"run/{id}/events", after, ReconnectTimeout, cancellationToken).ConfigureAwait(false))
            if (sent.Kind == "entries" && Read(sent.Text) is { } batch)
                yield return batch;
    }

    /// <inheritdoc/>
    /// <exception cref="NotFoundException">The run does not exist.</exception>
    /// <exception cref="ConnectionException">The controller cannot be reached at first; later it is tried until cancelled.</exception>
    public async IAsyncEnumerable<RunSignal> ListenAsync(RunId id, RunId runner, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var sent in FollowEventsAsync($"run/{id}/signals?runner={runner}", after: null, Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false))
            if (sent.Kind == "cancel")
            {
                yield return new(RunSignalKind.Cancel, By(sent.Text));
            }
            else if (sent.Kind == "taken_over")
            {
                yield return new(RunSignalKind.TakenOver, By(sent.Text));
                yield break;
            }
    }

    private static JournalBatch? Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, RunOperations.BatchInfo);
        }
        catch (JsonException)
        {
            // Of a newer controller.
            return null;
        }
    }

    private static string? By(string text)
    {
        try
        {
            return JsonElement.Parse(text) is { ValueKind: JsonValueKind.Object } data && data.TryGetProperty("by", out var by) && by.ValueKind == JsonValueKind.String ? by.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
