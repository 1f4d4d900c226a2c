using System.Net;

namespace Osapi.Controller.Tests;

/// <summary>Plain calls of a controller by one caller, on separate connections.</summary>
internal sealed class ControllerCalls(Uri url, string token) : IDisposable
{
    private readonly HttpClient http = new() { BaseAddress = url, Timeout = Timeout.InfiniteTimeSpan, DefaultRequestHeaders = { Authorization = new("Bearer", token) } };

    public async Task<HttpStatusCode> StatusAsync(string path, CancellationToken cancellationToken, bool respondAsync = true)
    {
        using HttpRequestMessage message = new(HttpMethod.Get, path);
        if (respondAsync)
            message.Headers.Add("Prefer", "respond-async");
        using var response = await http.SendAsync(message, cancellationToken);
        return response.StatusCode;
    }

    public void Dispose() => http.Dispose();
}
