using System.Text.Json;
using Docker.DotNet;
using Osapi.Operations;

namespace Osapi.Agent.Hosts.Docker;

/// <summary>A connection to this host's Docker engine, for one operation.</summary>
/// <remarks>
/// Each operation pings the engine first, so a restarted engine is found, and a later failure happened during the
/// operation.
/// </remarks>
internal sealed class DockerEngine : IDisposable
{
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(5);

    private readonly DockerClient client;
    private readonly Uri address;

    private DockerEngine(Uri address, IReadOnlyDictionary<string, string> headers)
    {
        this.address = address;
        // The operation's own time limit bounds each call.
        client = new DockerClientBuilder().WithEndpoint(address).WithTimeout(Timeout.InfiniteTimeSpan).WithHeaders(headers).Build();
    }

    /// <summary>Connects to the engine and pings it.</summary>
    /// <param name="host">The host.</param>
    /// <param name="headers">Additional headers of every request.</param>
    /// <param name="cancellationToken">Cancels the ping.</param>
    /// <exception cref="OperationException">
    /// The engine does not exist or does not answer; the message names the socket.
    /// </exception>
    public static async Task<DockerEngine> OpenAsync(Host host, IReadOnlyDictionary<string, string>? headers, CancellationToken cancellationToken)
    {
        DockerEngine engine = new(DockerAddress.Of(host), headers ?? new Dictionary<string, string>());
        using CancellationTokenSource pingTimeout = new(PingTimeout, host.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, pingTimeout.Token);
        try
        {
            await engine.client.System.PingAsync(linked.Token);
            return engine;
        }
        catch (Exception exception)
        {
            engine.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw new OperationException(ErrorType.Unavailable, $"the Docker engine at {engine.address} cannot be used: {(pingTimeout.IsCancellationRequested ? "it does not answer" : DockerAddress.Validate(exception))}");
        }
    }

    /// <inheritdoc cref="OpenAsync(Host, IReadOnlyDictionary{string, string}?, CancellationToken)"/>
    public static Task<DockerEngine> OpenAsync(Host host, CancellationToken cancellationToken) => OpenAsync(host, headers: null, cancellationToken);

    /// <summary>Sends a request that can safely be repeated.</summary>
    /// <exception cref="OperationException">The engine rejected it, or disconnected.</exception>
    public Task<T> QueryAsync<T>(Func<DockerClient, Task<T>> callAsync) => CallAsync(callAsync, ErrorType.Unavailable, "");

    /// <summary>
    /// Sends a request that must not be repeated: when the engine disconnects during the request, the outcome is
    /// unknown.
    /// </summary>
    /// <exception cref="OperationException">The engine rejected it, or disconnected.</exception>
    public Task<T> ChangeAsync<T>(Func<DockerClient, Task<T>> callAsync) => CallAsync(callAsync, ErrorType.Unknown, "; whether the request took effect is unknown");

    /// <inheritdoc cref="ChangeAsync{T}"/>
    public Task ChangeAsync(Func<DockerClient, Task> callAsync) => ChangeAsync(async engine =>
    {
        await callAsync(engine);
        return true;
    });

    public void Dispose() => client.Dispose();

    private async Task<T> CallAsync<T>(Func<DockerClient, Task<T>> call, ErrorType whenGone, string consequence)
    {
        try
        {
            return await call(client);
        }
        catch (DockerApiException exception)
        {
            throw DockerErrors.Of(exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new OperationException(whenGone, $"the Docker engine at {address} disconnected during the request ({DockerAddress.Validate(exception)}){consequence}");
        }
        catch (JsonException)
        {
            throw new OperationException(whenGone, $"the Docker engine at {address} sent an invalid response{consequence}");
        }
    }
}
