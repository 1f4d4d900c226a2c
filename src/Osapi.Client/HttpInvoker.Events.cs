using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace Osapi.Client;

internal sealed partial class HttpInvoker
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromSeconds(5);

    // A controller that sends nothing for this time is considered gone; it sends a keep-alive every 15 seconds.
    private static readonly TimeSpan ReconnectTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Reads the events of a stream up to its end. An interrupted stream is resumed after the last event with an id.</summary>
    /// <param name="path">The path of the stream.</param>
    /// <param name="after">The id of the event to continue after; null for all.</param>
    /// <param name="giveUpAfter">The time after which an interrupted stream is given up; the first connection is made once.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    private async IAsyncEnumerable<ServerEvent> FollowEventsAsync(string path, long? after, TimeSpan giveUpAfter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var delay = RetryDelay;
        var began = TimeProvider.System.GetTimestamp();
        var connected = false;
        while (true)
        {
            var events = ReadEventsAsync(path, after, cancellationToken).GetAsyncEnumerator(cancellationToken);
            await using var disposal = events.ConfigureAwait(false);
            while (true)
            {
                try
                {
                    if (!await events.MoveNextAsync().ConfigureAwait(false))
                        break;
                }
                catch (ConnectionException) when (connected && (giveUpAfter == Timeout.InfiniteTimeSpan || TimeProvider.System.GetElapsedTime(began) < giveUpAfter))
                {
                    break;
                }

                (connected, delay, began) = (true, RetryDelay, TimeProvider.System.GetTimestamp());
                if (events.Current.Kind == "end")
                    yield break;
                if (events.Current.Text.Length == 0)
                    continue;
                yield return events.Current;
                after = events.Current.Id ?? after;
            }

            // The controller stopped, or the connection broke: the stream is resumed at the same position, possibly from another controller.
            await Task.Delay(delay, TimeProvider.System, cancellationToken).ConfigureAwait(false);
            delay = delay * 2 < MaxRetryDelay ? delay * 2 : MaxRetryDelay;
        }
    }

    private async IAsyncEnumerable<ServerEvent> ReadEventsAsync(string path, long? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using HttpRequestMessage message = new(HttpMethod.Get, new Uri(BaseUrl, path));
        message.Headers.Accept.Add(new("text/event-stream"));
        if (after is { } position)
            message.Headers.Add("Last-Event-ID", position.ToString(CultureInfo.InvariantCulture));
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        silence.CancelAfter(ReconnectTimeout);
        using var response = await ConnectedAsync(() => http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, silence.Token), cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NoContent)
        {
            yield return new("end", "", null);
            yield break;
        }

        if (!response.IsSuccessStatusCode)
            throw ErrorResponse.ToException((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
        if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
            throw new UnexpectedStatusException((int)response.StatusCode, "the response is not an event stream; is this an OSAPI controller?");
        yield return new("", "", null);

        using var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using StreamReader lines = new(body, Encoding.UTF8);
        ServerEvent current = new("", "", null);
        while (await ConnectedAsync(NextLineAsync, cancellationToken).ConfigureAwait(false) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
                current = current with { Kind = line[7..] };
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
                current = current with { Text = line[6..] };
            else if (line.StartsWith("id: ", StringComparison.Ordinal))
                current = current with { Id = long.TryParse(line.AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null };
            else if (line.Length == 0)
            {
                yield return current;
                current = new("", "", null);
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

    /// <summary>An event of a stream; without a text when the stream has only been opened, or was kept open.</summary>
    private readonly record struct ServerEvent(string Kind, string Text, long? Id);
}
