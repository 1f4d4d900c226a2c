using System.Net.Http.Headers;
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

    // What the client has made itself, or was given to dispose; null for an invoker that belongs to the caller.
    private readonly HttpInvoker? http;

    /// <summary>A client of the controller at <paramref name="baseUrl"/>.</summary>
    /// <param name="baseUrl">Where the controller listens, such as <c>http://127.0.0.1:8080</c>; a path in it is kept.</param>
    /// <param name="token">The bearer token; empty for a controller that is only asked for its health.</param>
    /// <param name="handler">What carries the requests; a new <see cref="SocketsHttpHandler"/> when not given. The client disposes it.</param>
    /// <exception cref="UriFormatException">The address is no absolute http or https address.</exception>
    public OsapiClient(string baseUrl, string token, HttpMessageHandler? handler = null)
        : this(new Uri(baseUrl), token, handler)
    {
    }

    /// <inheritdoc cref="OsapiClient(string, string, HttpMessageHandler)"/>
    public OsapiClient(Uri baseUrl, string token, HttpMessageHandler? handler = null)
        : this(Authorize(HttpInvoker.Configure(new HttpClient(handler ?? NewHandler()), baseUrl), token))
    {
    }

    /// <summary>A client that asks for the token of each request, because tokens expire.</summary>
    /// <param name="baseUrl">Where the controller listens, such as <c>http://127.0.0.1:8080</c>; a path in it is kept.</param>
    /// <param name="token">Gives the bearer token; called on several threads. What it throws, the call throws.</param>
    /// <param name="handler">What carries the requests; a new <see cref="SocketsHttpHandler"/> when not given. The client disposes it.</param>
    /// <exception cref="UriFormatException">The address is no absolute http or https address.</exception>
    public OsapiClient(Uri baseUrl, Func<CancellationToken, ValueTask<string>> token, HttpMessageHandler? handler = null)
        : this(HttpInvoker.Configure(new HttpClient(WithToken(token, handler)), baseUrl))
    {
    }

    /// <summary>A client on a prepared <see cref="HttpClient"/>, whose base address and authorization are set. The client disposes it.</summary>
    /// <exception cref="UriFormatException">The base address is no absolute http or https address.</exception>
    public OsapiClient(HttpClient http)
        : this(new HttpInvoker(http)) => this.http = (HttpInvoker)invoker;

    /// <summary>
    /// A client whose calls an invoker carries: one in a test, or one that does something around each call of another.
    /// The invoker belongs to the caller.
    /// </summary>
    /// <param name="invoker">
    /// What carries the calls. <see cref="FileClient.DownloadAsync"/> and the methods of <see cref="FamilyClients.Job"/> that follow jobs
    /// need one that is an <see cref="IFileDownloader"/> and an <see cref="IJobWatcher"/> too.
    /// </param>
    public OsapiClient(IOperationInvoker invoker)
        : base(invoker) => this.invoker = invoker;

    /// <summary>The address of the controller, with a slash at the end; null for a client of an invoker.</summary>
    public Uri? BaseUrl => http?.BaseUrl;

    /// <summary>Calls any operation of the catalog and waits for its answer.</summary>
    /// <exception cref="ApiException">The controller refused or could not do it; the derived type says which.</exception>
    /// <exception cref="ConnectionException">The controller could not be reached, or the connection broke. A job may go on: its id was chosen by the call.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled; the controller was asked to cancel the job, too.</exception>
    public Task<OperationReply> SendAsync(Operation operation, object request, Target? target, CallOptions? options, CancellationToken cancellationToken) =>
        invoker.SendAsync(operation, request, target, options, cancellationToken);

    /// <summary>Disposes the connections.</summary>
    public void Dispose() => http?.Dispose();

    /// <summary>Makes a client of the controller that listens on a Unix socket of this machine.</summary>
    /// <param name="path">The path of the socket, such as <c>/var/lib/osapi/osapi.sock</c>.</param>
    /// <param name="token">The bearer token.</param>
    public static OsapiClient ForSocket(string path, string token)
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
