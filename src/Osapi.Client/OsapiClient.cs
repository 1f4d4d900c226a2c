using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Osapi.Operations;
using Osapi.Operations.Agents;
using Osapi.Operations.Command;
using Osapi.Operations.Docker;
using Osapi.Operations.Files;
using Osapi.Operations.Health;
using Osapi.Operations.Jobs;
using Osapi.Operations.Json;
using Osapi.Operations.Network;
using Osapi.Operations.Node;

namespace Osapi.Client;

/// <summary>
/// The typed client of a controller. Every operation of the catalog is a method of its family: <c>await
/// client.Node.HostnameAsync("_any")</c>. The client is thread-safe. It sets no timeout of its own, because the controller responds
/// within the time limits of the call. It does not follow redirects.
/// </summary>
public sealed partial class OsapiClient : IOperationInvoker, IDisposable
{
    private static readonly TimeSpan CancelTimeout = TimeSpan.FromSeconds(5);

    // The time during which a call that the controller rejects because of a limit is sent again.
    private static readonly TimeSpan LimitTimeout = TimeSpan.FromSeconds(30);

    private readonly HttpClient http;

    /// <summary>Creates a client of the controller at <paramref name="baseUrl"/>.</summary>
    /// <param name="baseUrl">The address of the controller, such as <c>http://127.0.0.1:8080</c>; a path in it is kept.</param>
    /// <param name="token">The bearer token; empty when only the health of the controller is read.</param>
    /// <param name="handler">The handler that sends the requests; a new <see cref="SocketsHttpHandler"/> when null. The client disposes it.</param>
    /// <exception cref="UriFormatException">The address is not an absolute http or https address.</exception>
    public OsapiClient(string baseUrl, string token, HttpMessageHandler? handler = null)
        : this(new Uri(baseUrl), token, handler)
    {
    }

    /// <inheritdoc cref="OsapiClient(string, string, HttpMessageHandler)"/>
    public OsapiClient(Uri baseUrl, string token, HttpMessageHandler? handler = null)
        : this(Configure(new HttpClient(handler ?? new SocketsHttpHandler { AllowAutoRedirect = false }), baseUrl, token))
    {
    }

    /// <summary>Creates a client on a configured <see cref="HttpClient"/> with base address and authorization. The client disposes it.</summary>
    /// <exception cref="UriFormatException">The base address is not an absolute http or https address.</exception>
    public OsapiClient(HttpClient http)
    {
        ArgumentNullException.ThrowIfNull(http);
        this.http = http;
        BaseUrl = Root(http.BaseAddress);
        Agent = new(this);
        Health = new(this);
        Job = new(this);
        Network = new(this);
        Node = new(this);
        Command = new(this);
        Docker = new(this);
        File = new(this);
    }

    /// <summary>Operations on agents: list, inspect, drain and remove them.</summary>
    public AgentClient Agent { get; }

    /// <summary>Operations on files in the object store, and their deployment to hosts.</summary>
    public FileClient File { get; }

    /// <summary>Operations on the health of the controller.</summary>
    public HealthClient Health { get; }

    /// <summary>Operations on jobs: list, watch, cancel, retry and delete them.</summary>
    public JobClient Job { get; }

    /// <summary>Operations on the network of hosts: DNS settings and ping.</summary>
    public NetworkClient Network { get; }

    /// <summary>Operations that read the state of hosts.</summary>
    public NodeClient Node { get; }

    /// <summary>Operations that run commands on hosts.</summary>
    public CommandClient Command { get; }

    /// <summary>Operations on containers and images of the Docker engine on each host.</summary>
    public DockerClient Docker { get; }

    /// <summary>The address of the controller, with a slash at the end.</summary>
    public Uri BaseUrl { get; }

    /// <summary>Invokes any operation of the catalog and waits for the response.</summary>
    /// <exception cref="ApiException">The controller rejected the call or failed; the derived type states the kind of error.</exception>
    /// <exception cref="ConnectionException">
    /// The controller could not be reached, or the connection broke. The job may still run; its id was chosen by the call.
    /// </exception>
    /// <exception cref="OperationCanceledException">The call was cancelled; the controller was asked to cancel the job.</exception>
    public async Task<OperationReply> InvokeAsync(
        Operation operation, object request, Target? target, CallOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(request);
        var call = options ?? new();
        if (operation.BecomesJob)
            call = call with { JobId = call.JobId ?? JobId.New() };
        var (status, body) = await SendAsync(() => OperationMessage.Create(BaseUrl, operation, request, target, call), operation, call.JobId, cancellationToken).ConfigureAwait(false);
        var answer = JsonConventions.ParseObject(body);
        var checkOnly = call.Check && operation is { RunsOn: RunsOn.Controller, CanBeChecked: true };
        return status switch
        {
            204 when operation.SuccessStatus == 204 && !checkOnly => new(JsonElement.Parse("{}")),
            >= 200 and < 300 when answer is { } document && CanRead(operation, document, checkOnly) => Reply(document),
            >= 200 and < 300 => throw new UnexpectedStatusException(status, $"the answer is not one to {operation.Id}; is this an OSAPI controller?"),
            // A controller operation can return its result with this status, as readiness does.
            503 when operation.RunsOn == RunsOn.Controller && answer is { } document && CanRead(operation, document, checkOnly) => Reply(document) with { Succeeded = false },
            _ => throw ProblemBody.ToException(status, body),
        };

        OperationReply Reply(JsonElement document) => new(document, Encoding.UTF8.GetString(body));
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => http.Dispose();

    /// <summary>Configures base address, timeout and authorization.</summary>
    internal static HttpClient Configure(HttpClient http, Uri baseUrl, string token)
    {
        http.BaseAddress = Root(baseUrl);
        http.Timeout = Timeout.InfiniteTimeSpan;
        if (!string.IsNullOrEmpty(token))
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    // A call that the controller rejects because of a limit has had no effect: it is sent again after the delay that the controller states.
    private async Task<(int Status, byte[] Body)> SendAsync(Func<HttpRequestMessage> create, Operation operation, JobId? jobId, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            using var message = create();
            var (status, body, delay) = await SendAsync(message, jobId, cancellationToken).ConfigureAwait(false);
            // The content of a form can be read only once.
            if (status is not (429 or 503) || delay is not { } retryAfter || operation.Route.IsForm || TimeProvider.System.GetElapsedTime(began) + retryAfter > LimitTimeout)
                return (status, body);
            // A random delay keeps rejected calls from returning all at the same time.
            await Task.Delay(retryAfter * (0.5 + Random.Shared.NextDouble()), TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<(int Status, byte[] Body, TimeSpan? RetryAfter)> SendAsync(HttpRequestMessage message, JobId? jobId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            return ((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false), response.Headers.RetryAfter?.Delta);
        }
        catch (HttpRequestException exception)
        {
            throw new ConnectionException(BaseUrl, exception);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && jobId is not null)
        {
            await CancelJobAsync(jobId.Value).ConfigureAwait(false);
            throw;
        }
        // A timeout of the handler, such as for connecting, appears as a cancellation that the caller did not request.
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ConnectionException(BaseUrl, exception);
        }
    }

    // The controller continues a job when its connection drops. Cancelling must not wait for a controller that hangs.
    private async Task CancelJobAsync(JobId jobId)
    {
        using CancellationTokenSource patience = new(CancelTimeout);
        try
        {
            using var response = await http.PostAsync(new Uri(BaseUrl, $"job/{jobId}/cancel"), content: null, patience.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            // The job ends at its own time limit.
        }
    }

    // The results of hosts are read one by one, so that one that cannot be read does not hide the others.
    private static bool CanRead(Operation operation, JsonElement document, bool checkOnly)
    {
        try
        {
            return checkOnly ? CheckResult.Read(document) is not null : operation.RunsOn == RunsOn.Host || document.Deserialize(operation.ResultInfo) is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // A relative path replaces everything after the last slash of its base. A password in an address has no use here and would appear
    // in messages.
    private static Uri Root(Uri? url) => url is { IsAbsoluteUri: true, Scheme: "http" or "https" }
        ? new(url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/') + "/")
        : throw new UriFormatException($"'{url}' is not an http or https address such as http://127.0.0.1:8080.");
}
