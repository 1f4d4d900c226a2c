using System.Net.Http.Headers;
using System.Text.Json;
using Osapi.Operations;
using Osapi.Operations.Health;
using Osapi.Operations.Jobs;
using Osapi.Operations.Json;
using Osapi.Operations.Node;

namespace Osapi.Client;

/// <summary>
/// The typed client of a controller. Every operation of the catalog is a method of its family:
/// <c>await client.Node.HostnameAsync("_any")</c>. Safe to share between threads; it sets no time limit of its own,
/// because the controller answers within the bounds of the call.
/// </summary>
public sealed class OsapiClient : IOperationInvoker, IDisposable
{
    private readonly HttpClient http;

    /// <summary>A client of the controller at <paramref name="baseUrl"/>.</summary>
    /// <param name="baseUrl">Where the controller listens, such as <c>http://127.0.0.1:8080</c>; a path in it is kept.</param>
    /// <param name="token">The bearer token; empty for a controller that is only asked for its health.</param>
    /// <param name="handler">What carries the requests; a new <see cref="SocketsHttpHandler"/> when not given.</param>
    /// <exception cref="UriFormatException">The address is none.</exception>
    public OsapiClient(string baseUrl, string token, HttpMessageHandler? handler = null)
        : this(new Uri(baseUrl), token, handler)
    {
    }

    /// <inheritdoc cref="OsapiClient(string, string, HttpMessageHandler)"/>
    public OsapiClient(Uri baseUrl, string token, HttpMessageHandler? handler = null)
        : this(new HttpClient(handler ?? new SocketsHttpHandler()) { BaseAddress = WithSlash(baseUrl), Timeout = System.Threading.Timeout.InfiniteTimeSpan })
    {
        if (!string.IsNullOrEmpty(token))
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>A client on a prepared <see cref="HttpClient"/>, whose base address and authorization are set.</summary>
    public OsapiClient(HttpClient http)
    {
        ArgumentNullException.ThrowIfNull(http);
        this.http = http;
        Health = new(this);
        Job = new(this);
        Node = new(this);
    }

    /// <summary>How the controller is doing.</summary>
    public HealthClient Health { get; }

    /// <summary>The calls that became jobs.</summary>
    public JobClient Job { get; }

    /// <summary>What hosts are and how they are doing.</summary>
    public NodeClient Node { get; }

    /// <summary>Where the controller listens.</summary>
    public Uri? BaseUrl => http.BaseAddress;

    /// <summary>Calls any operation of the catalog and waits for its answer.</summary>
    /// <exception cref="ApiException">The controller refused or could not do it; the derived type says which.</exception>
    /// <exception cref="ConnectionException">The controller could not be reached, or the connection broke.</exception>
    public async Task<OperationReply> InvokeAsync(
        Operation operation, object request, Target? target, CallOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(operation);
        var call = options ?? new();
        if (operation.RunsOn == RunsOn.Host)
            call = call with { JobId = call.JobId ?? Guid.NewGuid() };
        using var message = OperationMessage.Create(operation, request, target, call);
        var (status, body) = await SendAsync(message, cancellationToken).ConfigureAwait(false);
        // A controller operation may answer its result with a 503, as readiness does; a refusal is a problem document.
        if (!IsSuccess(status) && (operation.RunsOn == RunsOn.Host || ProblemBody.IsProblem(body)))
            throw ProblemBody.ToException(status, body);
        return new(Parse(status, body), body);
    }

    /// <summary>Disposes the connections.</summary>
    public void Dispose() => http.Dispose();

    private async Task<(int Status, string Body)> SendAsync(HttpRequestMessage message, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (HttpRequestException exception)
        {
            throw new ConnectionException(http.BaseAddress, exception);
        }
    }

    private static JsonElement Parse(int status, string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Wire.Document);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            // Falls through: an answer that is no JSON object does not come from a controller.
        }

        throw new UnexpectedStatusException(status, "the answer is not a JSON object; is this an OSAPI controller?");
    }

    private static bool IsSuccess(int status) => status is >= 200 and < 300;

    private static Uri WithSlash(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return url.AbsoluteUri.EndsWith('/') ? url : new(url.AbsoluteUri + "/");
    }
}
