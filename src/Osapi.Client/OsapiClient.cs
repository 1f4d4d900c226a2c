using System.Net.Http.Headers;
using System.Text.Json;
using Osapi.Operations;
using Osapi.Operations.Files;
using Osapi.Operations.Jobs;

namespace Osapi.Client;

/// <summary>
/// The typed client of a controller. Every operation of the catalog is a method of its family:
/// <c>await client.Node.HostnameAsync("_any")</c>. Safe to share between threads; it sets no time limit of its own,
/// because the controller answers within the bounds of the call. It does not follow redirects.
/// </summary>
public sealed partial class OsapiClient : FamilyClients, IOperationInvoker, IDisposable
{
    private readonly IOperationInvoker invoker;

    // The resources that the client owns; null for an invoker that belongs to the caller.
    private readonly HttpInvoker? http;

    /// <summary>Creates a client of the controller at <paramref name="baseUrl"/>.</summary>
    /// <param name="baseUrl">The address of the controller, such as <c>http://127.0.0.1:8080</c>; a path in it is kept.</param>
    /// <param name="token">The bearer token; empty for a client that only calls health operations.</param>
    /// <param name="handler">The handler that sends the requests; a new <see cref="SocketsHttpHandler"/> when not given. The client disposes it.</param>
    /// <exception cref="UriFormatException">The address is not an absolute http or https address.</exception>
    public OsapiClient(string baseUrl, string token, HttpMessageHandler? handler = null)
        : this(new Uri(baseUrl), token, handler)
    {
    }

    /// <inheritdoc cref="OsapiClient(string, string, HttpMessageHandler)"/>
    public OsapiClient(Uri baseUrl, string token, HttpMessageHandler? handler = null)
        : this(Authorize(HttpInvoker.Configure(new HttpClient(handler ?? NewHandler()), baseUrl), token))
    {
    }

    /// <summary>Creates a client that gets the token for each request, because tokens expire.</summary>
    /// <param name="baseUrl">The address of the controller, such as <c>http://127.0.0.1:8080</c>; a path in it is kept.</param>
    /// <param name="token">Returns the bearer token; called on several threads. Its exceptions are those of the call.</param>
    /// <param name="handler">The handler that sends the requests; a new <see cref="SocketsHttpHandler"/> when not given. The client disposes it.</param>
    /// <exception cref="UriFormatException">The address is not an absolute http or https address.</exception>
    public OsapiClient(Uri baseUrl, Func<CancellationToken, ValueTask<string>> token, HttpMessageHandler? handler = null)
        : this(HttpInvoker.Configure(new HttpClient(WithToken(token, handler)), baseUrl))
    {
    }

    /// <summary>Creates a client that uses an <see cref="HttpClient"/> with base address and authorization. The client disposes it.</summary>
    /// <exception cref="UriFormatException">The base address is not an absolute http or https address.</exception>
    public OsapiClient(HttpClient http)
        : this(new HttpInvoker(http)) => this.http = (HttpInvoker)invoker;

    /// <summary>
    /// Creates a client that sends its calls through an invoker, for example in a test, or to wrap each call of another invoker.
    /// The invoker belongs to the caller.
    /// </summary>
    /// <param name="invoker">
    /// The invoker. <see cref="FileClient.DownloadAsync"/> and the methods of <see cref="FamilyClients.Job"/> that follow jobs
    /// require it to implement <see cref="IFileDownloader"/> and <see cref="IJobWatcher"/>, too.
    /// </param>
    public OsapiClient(IOperationInvoker invoker)
        : base(invoker) => this.invoker = invoker;

    /// <summary>The address of the controller, with a slash at the end; null for a client of an invoker.</summary>
    public Uri? BaseUrl => http?.BaseUrl;

    /// <summary>Calls any operation of the catalog and waits for its answer.</summary>
    /// <exception cref="ApiException">The controller rejected the call or failed; the derived type states the kind of error.</exception>
    /// <exception cref="ConnectionException">The controller could not be reached, or the connection broke. The job may continue; the call chose its id.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled; the controller was asked to cancel the job, too.</exception>
    public Task<OperationReply> SendAsync(Operation operation, object request, Target? target, CallOptions? options, CancellationToken cancellationToken) =>
        invoker.SendAsync(operation, request, target, options, cancellationToken);

    /// <summary>Calls any operation of the catalog with a request that is JSON already, and waits for its answer.</summary>
    /// <param name="operation">What is called.</param>
    /// <param name="request">The request as a JSON object in UTF-8. It is sent as it is; the controller refuses a wrong one.</param>
    /// <param name="target">The hosts; null for a controller operation.</param>
    /// <param name="options">How the call is made; the defaults when null.</param>
    /// <param name="cancellationToken">Cancels the call, and the job it became.</param>
    /// <exception cref="JsonException">The request is not JSON, and its members are not all in the body; or, for a client of an invoker, it is not one of the operation.</exception>
    /// <inheritdoc cref="SendAsync" path="/exception"/>
    public Task<OperationReply> SendJsonAsync(Operation operation, ReadOnlyMemory<byte> request, Target? target, CallOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return http is not null
            ? http.SendJsonAsync(operation, request, target, options, cancellationToken)
            : invoker.SendAsync(operation, JsonSerializer.Deserialize(request.Span, operation.RequestInfo)!, target, options, cancellationToken);
    }

    /// <summary>Disposes the connections.</summary>
    public void Dispose() => http?.Dispose();

    /// <summary>Creates a client of the controller that listens on a Unix socket of this machine.</summary>
    /// <param name="path">The path of the socket, such as <c>/var/lib/osapi/osapi.sock</c>.</param>
    /// <param name="token">The bearer token.</param>
    public static OsapiClient ForSocket(string path, string token)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var handler = NewHandler();
        UnixSocket.Use(handler, path);
        return new(UnixSocket.BaseUrl, token, handler);
    }

    /// <summary>Creates a client of the controller that listens on a Unix socket of this machine, and gets the token for each request.</summary>
    /// <param name="path">The path of the socket, such as <c>/var/lib/osapi/osapi.sock</c>.</param>
    /// <param name="token">Returns the bearer token; called on several threads. Its exceptions are those of the call.</param>
    public static OsapiClient ForSocket(string path, Func<CancellationToken, ValueTask<string>> token)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var handler = NewHandler();
        UnixSocket.Use(handler, path);
        return new(UnixSocket.BaseUrl, token, handler);
    }

    private static SocketsHttpHandler NewHandler() => new() { AllowAutoRedirect = false };

    private static HttpClient Authorize(HttpClient http, string token)
    {
        if (!string.IsNullOrEmpty(token))
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    private static BearerTokenHandler WithToken(Func<CancellationToken, ValueTask<string>> token, HttpMessageHandler? handler)
    {
        ArgumentNullException.ThrowIfNull(token);
        return new(token) { InnerHandler = handler ?? NewHandler() };
    }
}
