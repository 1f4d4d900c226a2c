using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using Osapi.Operations;
using Osapi.Operations.Jobs;

namespace Osapi.Client;

internal sealed partial class HttpInvoker
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromSeconds(5);

    // A controller that sends nothing for this time is considered gone; it sends a keep-alive every 15 seconds.
    private static readonly TimeSpan ReconnectTimeout = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    /// <exception cref="NotFoundException">The job does not exist, or it was deleted before its end was received.</exception>
    /// <exception cref="ConnectionException">The controller cannot be reached: thrown at once for the first connection, after one minute of retries later.</exception>
    public IAsyncEnumerable<JobUpdate> WatchJobsAsync(JobId? id, long? after, CancellationToken cancellationToken) => WatchAsync(id, after, withReplies: false, cancellationToken);

    private async IAsyncEnumerable<JobUpdate> WatchAsync(JobId? id, long? after, bool withReplies, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var delay = RetryDelay;
        var began = TimeProvider.System.GetTimestamp();
        var connected = false;
        while (true)
        {
            var events = ReadEventsAsync(id, after, withReplies, cancellationToken).GetAsyncEnumerator(cancellationToken);
            await using var disposal = events.ConfigureAwait(false);
            while (true)
            {
                try
                {
                    if (!await events.MoveNextAsync().ConfigureAwait(false))
                        break;
                }
                catch (ConnectionException) when (connected && TimeProvider.System.GetElapsedTime(began) < ReconnectTimeout)
                {
                    break;
                }

                (connected, delay, began) = (true, RetryDelay, TimeProvider.System.GetTimestamp());
                switch (events.Current)
                {
                    case { Update: { } update }:
                        after = update.Sequence;
                        yield return update;
                        break;
                    case { IsEnd: true }:
                        yield break;
                }
            }

            // The controller stopped, or the connection broke: the stream is resumed at the same position, possibly from another controller.
            await Task.Delay(delay, TimeProvider.System, cancellationToken).ConfigureAwait(false);
            delay = delay * 2 < MaxRetryDelay ? delay * 2 : MaxRetryDelay;
        }
    }

    private async IAsyncEnumerable<WatchEvent> ReadEventsAsync(JobId? id, long? after, bool withReplies, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using HttpRequestMessage message = new(HttpMethod.Get, new Uri(BaseUrl, id is null ? "job/events" : $"job/{id}/events{(withReplies ? "?replies=true" : "")}"));
        message.Headers.Accept.Add(new("text/event-stream"));
        if (after is { } sequence)
            message.Headers.Add("Last-Event-ID", sequence.ToString(System.Globalization.CultureInfo.InvariantCulture));
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        silence.CancelAfter(ReconnectTimeout);
        using var response = await ConnectedAsync(() => http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, silence.Token), cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NoContent)
        {
            yield return new(null, IsEnd: true);
            yield break;
        }

        if (!response.IsSuccessStatusCode)
            throw ErrorResponse.ToException((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
        if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
            throw new UnexpectedStatusException((int)response.StatusCode, "the response is not an event stream; is this an OSAPI controller?");
        yield return default;

        using var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using StreamReader lines = new(body, Encoding.UTF8);
        var (kind, text) = ("", "");
        while (await ConnectedAsync(NextLineAsync, cancellationToken).ConfigureAwait(false) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
                kind = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
                text = line[6..];
            else if (line.Length == 0)
            {
                if (kind == "end")
                    yield return new(null, IsEnd: true);
                // Unknown events of a newer controller are ignored.
                else if (JobUpdate.Read(Encoding.UTF8.GetBytes(text)) is { } update)
                    yield return new(update, IsEnd: false);
                (kind, text) = ("", "");
            }
        }

        Task<string?> NextLineAsync()
        {
            silence.CancelAfter(ReconnectTimeout);
            return lines.ReadLineAsync(silence.Token).AsTask();
        }
    }

    private async Task<T> ConnectedAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException || exception is OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new ConnectionException(BaseUrl, exception);
        }
    }

    /// <summary>An event of the stream; both members are unset when the stream has only been opened.</summary>
    private readonly record struct WatchEvent(JobUpdate? Update, bool IsEnd);
}
