using System.Net;
using System.Text;

namespace Osapi.Client.Tests;

/// <summary>A handler that answers every request the same way and records the requests.</summary>
internal sealed class ScriptedHandler(Func<Received, HttpResponseMessage> answer) : HttpMessageHandler
{
    public List<Received> Requests { get; } = [];

    public static ScriptedHandler Answering(int status, string? body, string mediaType = "application/json") =>
        new(_ => new((HttpStatusCode)status) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, mediaType) });

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Received received = new(
            request.Method.Method,
            request.RequestUri!.AbsoluteUri,
            request.Headers.Concat(request.Content?.Headers.AsEnumerable() ?? []).ToDictionary(header => header.Key, header => string.Join(", ", header.Value)),
            request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken));
        Requests.Add(received);
        return answer(received);
    }
}

/// <summary>One request as it was sent.</summary>
internal sealed record Received(string Method, string Url, IReadOnlyDictionary<string, string> Headers, string? Body);
