using System.Net;

namespace Osapi.Controller.Tests;

/// <summary>A stream of server-sent events, read line by line like a browser.</summary>
internal sealed class EventLines(ControllerFixture fixture, HttpResponseMessage response, StreamReader reader) : IDisposable
{
    public HttpResponseMessage Response => response;

    public static async Task<EventLines> OpenAsync(ControllerFixture fixture, string path, string? lastId = null, Uri? at = null)
    {
        using HttpRequestMessage message = new(HttpMethod.Get, new Uri(at ?? fixture.Http.BaseAddress!, path));
        message.Headers.TryAddWithoutValidation("Authorization", $"Bearer {fixture.Admin}");
        if (lastId is not null)
            message.Headers.TryAddWithoutValidation("Last-Event-ID", lastId);
        var response = await fixture.Http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, fixture.TestTimeout);
        if (response.StatusCode == HttpStatusCode.OK)
            Assert.Equal(("text/event-stream", "no-store"), (response.Content.Headers.ContentType!.MediaType, response.Headers.CacheControl!.ToString()));
        // Buffered for a test that reads an error from the same response.
        if (response.StatusCode != HttpStatusCode.OK)
            await response.Content.LoadIntoBufferAsync(fixture.TestTimeout);
        return new(fixture, response, new(await response.Content.ReadAsStreamAsync(fixture.TestTimeout)));
    }

    /// <summary>Reads the next event or comment; null at the end.</summary>
    public async Task<SentEvent?> NextAsync()
    {
        SentEvent sent = new();
        while (await reader.ReadLineAsync(fixture.TestTimeout) is { } line)
            if (line.StartsWith("id: ", StringComparison.Ordinal))
                sent = sent with { Id = line[4..] };
            else if (line.StartsWith("event: ", StringComparison.Ordinal))
                sent = sent with { Event = line[7..] };
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
                sent = sent with { Data = line[6..] };
            else if (line.StartsWith(": ", StringComparison.Ordinal))
                sent = sent with { Comment = line[2..] };
            else if (line.Length == 0)
                return sent;
            else
                throw new InvalidOperationException(line);
        return null;
    }

    /// <summary>Reads the kinds of the events up to the end.</summary>
    public async Task<IReadOnlyList<string?>> RestAsync()
    {
        List<string?> kinds = [];
        while (await NextAsync() is { } sent)
            kinds.Add(sent.Event);
        return kinds;
    }

    public void Dispose()
    {
        reader.Dispose();
        response.Dispose();
    }
}

/// <summary>An event as it was sent.</summary>
internal sealed record SentEvent(string? Id = null, string? Event = null, string? Data = null, string? Comment = null);
