using System.Text;
using System.Text.Json;
using Osapi.Operations;
using Osapi.Operations.Audit;
using Osapi.Operations.Files;
using Osapi.Operations.Jobs;
using Osapi.Operations.Runs;
using Osapi.Operations.Json;

namespace Osapi.Client;

/// <summary>The invoker that carries calls to a controller over HTTP.</summary>
internal sealed partial class HttpInvoker : IOperationInvoker, IFileDownloader, IJobWatcher, IOutputReader, IRunWatcher, IRunSignals, IAuditExporter, IDisposable
{
    private static readonly TimeSpan CancelTimeout = TimeSpan.FromSeconds(5);

    // The time for which a call that exceeds a limit of the controller is retried.
    private static readonly TimeSpan LimitTimeout = TimeSpan.FromSeconds(30);

    private readonly HttpClient http;

    /// <exception cref="UriFormatException">The base address is not an absolute http or https address.</exception>
    public HttpInvoker(HttpClient http)
    {
        ArgumentNullException.ThrowIfNull(http);
        this.http = http;
        BaseUrl = Root(http.BaseAddress);
    }

    /// <summary>The address of the controller, with a slash at the end.</summary>
    public Uri BaseUrl { get; }

    /// <inheritdoc/>
    public async Task<OperationReply> SendAsync(
        Operation operation, object request, Target? target, CallOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(request);
        return await SendAsync(
            operation, JsonSerializer.SerializeToUtf8Bytes(request, operation.RequestInfo), operation.Route.IsForm ? request : null, target, options, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="OsapiClient.SendJsonAsync"/>
    public async Task<OperationReply> SendJsonAsync(
        Operation operation, ReadOnlyMemory<byte> request, Target? target, CallOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return await SendAsync(
            operation, request, operation.Route.IsForm ? JsonSerializer.Deserialize(request.Span, operation.RequestInfo) : null, target, options, cancellationToken).ConfigureAwait(false);
    }

    private async Task<OperationReply> SendAsync(
        Operation operation, ReadOnlyMemory<byte> request, object? form, Target? target, CallOptions? options, CancellationToken cancellationToken)
    {
        var call = options ?? new();
        if (operation.BecomesJob)
            call = call with { JobId = call.JobId ?? JobId.New() };
        return call.HostEnded is null || operation.RunsOn != RunsOn.Host
            ? await SendCallAsync(operation, request, form, target, call, cancellationToken).ConfigureAwait(false)
            : await FollowCallAsync(operation, request, target, call, cancellationToken).ConfigureAwait(false);
    }

    private async Task<OperationReply> SendCallAsync(
        Operation operation, ReadOnlyMemory<byte> request, object? form, Target? target, CallOptions call, CancellationToken cancellationToken)
    {
        var ((status, body, isCopied), memberPrefix) = operation.RunsOn == RunsOn.Host && target is not null
            ? await SendToHostsAsync(operation, request, target, call, cancellationToken).ConfigureAwait(false)
            : await SendToRouteAsync(operation, request, form, target, call, cancellationToken).ConfigureAwait(false);
        var answer = JsonConventions.ParseObject(body);
        var checkOnly = call.Check && operation is { RunsOn: RunsOn.Controller, CanBeChecked: true };
        return status switch
        {
            204 when operation.SuccessStatus == 204 && !checkOnly => new(JsonElement.Parse("{}")),
            >= 200 and < 300 when answer is { } document && CanRead(operation, document, checkOnly) => Reply(document),
            >= 200 and < 300 => throw new UnexpectedStatusException(status, $"the response is not valid for {operation.Id}; is this an OSAPI controller?"),
            // Some controller operations, such as readiness, return their result with this status.
            503 when operation.RunsOn == RunsOn.Controller && answer is { } document && CanRead(operation, document, checkOnly) => Reply(document) with { Succeeded = false },
            _ => throw ErrorResponse.ToException(status, body, memberPrefix),
        };

        OperationReply Reply(JsonElement document) => new(document, isCopied ? null : Encoding.UTF8.GetString(body)) { IsCopied = isCopied };
    }

    private async Task<(Response Response, string MemberPrefix)> SendToRouteAsync(
        Operation operation, ReadOnlyMemory<byte> request, object? form, Target? target, CallOptions call, CancellationToken cancellationToken) =>
        (await SendAsync(() => OperationMessage.Create(BaseUrl, operation, request, form, target, call), operation, call, cancellationToken).ConfigureAwait(false), "");

    /// <summary>Disposes the connections.</summary>
    public void Dispose() => http.Dispose();

    /// <summary>Sets the address that every call of a client needs, without a time limit.</summary>
    public static HttpClient Configure(HttpClient http, Uri baseUrl)
    {
        http.BaseAddress = Root(baseUrl);
        http.Timeout = Timeout.InfiniteTimeSpan;
        return http;
    }

    // A call that exceeds a limit of the controller had no effect: it is retried after the delay that the controller names.
    private async Task<Response> SendAsync(Func<HttpRequestMessage> create, Operation operation, CallOptions call, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            using var message = create();
            var (response, delay) = await SendAsync(message, call, cancellationToken).ConfigureAwait(false);
            // The content of a form can be read once.
            if (response.Status is not (429 or 503) || delay is not { } retryAfter || operation.Route.IsForm || TimeProvider.System.GetElapsedTime(began) + retryAfter > LimitTimeout)
                return response;
            // Jitter: calls that were rejected together are not retried together.
            await Task.Delay(retryAfter * (0.5 + Random.Shared.NextDouble()), TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<(Response Response, TimeSpan? RetryAfter)> SendAsync(HttpRequestMessage message, CallOptions call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            var (body, isCopied) = call.ResponseCopy is { } copy && response.IsSuccessStatusCode
                ? await CopiedBody.ReadAsync(response.Content, copy, cancellationToken).ConfigureAwait(false)
                : (await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false), false);
            return (new((int)response.StatusCode, body, isCopied), response.Headers.RetryAfter?.Delta);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new ConnectionException(BaseUrl, exception);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && call.JobId is { } jobId)
        {
            await CancelJobAsync(jobId).ConfigureAwait(false);
            throw;
        }
        // A handler's own time limit, such as the connect timeout, appears as a cancellation that was not requested.
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ConnectionException(BaseUrl, exception);
        }
    }

    // A job continues when a connection merely drops. A cancelled call must not wait for a controller that hangs.
    private async Task CancelJobAsync(JobId jobId)
    {
        using CancellationTokenSource cancelTimeout = new(CancelTimeout);
        try
        {
            using var response = await http.PostAsync(new Uri(BaseUrl, $"job/{jobId}/cancel"), content: null, cancelTimeout.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            // The job's own time limits end it.
        }
    }

    // Each host's result is read separately, so that an invalid one does not hide the others.
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

    // A relative path replaces what follows the last slash of its base. A password in an address has no use here and would end up in messages.
    private static Uri Root(Uri? url) => url is { IsAbsoluteUri: true, Scheme: "http" or "https" }
        ? new(url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/') + "/")
        : throw new UriFormatException($"'{url}' is not an http or https address such as http://127.0.0.1:8080.");

    /// <summary>A response; of a copied one, the body has the beginnings of its long texts.</summary>
    private readonly record struct Response(int Status, byte[] Body, bool IsCopied);
}
