using System.Text.Json;
using Docker.DotNet;
using Osapi.Operations;

namespace Osapi.Agent.Hosts.Docker;

/// <summary>
/// The Docker engine of this host, for one operation. It is asked for a sign of life first, every time: so one that was started
/// or restarted meanwhile is found, and what fails later failed on the way.
/// </summary>
internal sealed class DockerEngine : IDisposable
{
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(5);

    private readonly DockerClient client;
    private readonly Uri address;

    private DockerEngine(Uri address, IReadOnlyDictionary<string, string> headers)
    {
        this.address = address;
        // How long a call may take is for the operation's own time limit to say.
        client = new DockerClientBuilder().WithEndpoint(address).WithTimeout(Timeout.InfiniteTimeSpan).WithHeaders(headers).Build();
    }

    /// <summary>The engine, which is there.</summary>
    /// <param name="host">The host.</param>
    /// <param name="headers">What to say with every request besides.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="OperationException">It is not there, or does not answer; the message names the socket.</exception>
    public static async Task<DockerEngine> OpenAsync(Host host, IReadOnlyDictionary<string, string>? headers, CancellationToken cancellationToken)
    {
        DockerEngine engine = new(DockerAddress.Of(host), headers ?? new Dictionary<string, string>());
        using CancellationTokenSource patience = new(PingTimeout, host.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            await engine.client.System.PingAsync(either.Token);
            return engine;
        }
        catch (Exception exception)
        {
            engine.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw new OperationException(ErrorType.Unavailable, $"the Docker engine at {engine.address} cannot be used: {(patience.IsCancellationRequested ? "it does not answer" : DockerAddress.Validate(exception))}");
        }
    }

    /// <inheritdoc cref="OpenAsync(Host, IReadOnlyDictionary{string, string}?, CancellationToken)"/>
    public static Task<DockerEngine> OpenAsync(Host host, CancellationToken cancellationToken) => OpenAsync(host, headers: null, cancellationToken);

    /// <summary>Asks the engine for something that may be asked again.</summary>
    /// <exception cref="OperationException">It refused, or went away.</exception>
    public Task<T> QueryAsync<T>(Func<DockerClient, Task<T>> ask) => CallAsync(ask, ErrorType.Unavailable, "");

    /// <summary>Has the engine do something that must not be done twice: when it goes away on the way, whether it was done is unknown.</summary>
    /// <exception cref="OperationException">It refused, or went away.</exception>
    public Task<T> ChangeAsync<T>(Func<DockerClient, Task<T>> act) => CallAsync(act, ErrorType.Unknown, ", and whether it did what it was asked for is unknown");

    /// <inheritdoc cref="ChangeAsync{T}"/>
    public Task ChangeAsync(Func<DockerClient, Task> act) => ChangeAsync(async engine =>
    {
        await act(engine);
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
            throw new OperationException(whenGone, $"the Docker engine at {address} went away while it was asked ({DockerAddress.Validate(exception)}){consequence}");
        }
        catch (JsonException)
        {
            throw new OperationException(whenGone, $"the Docker engine at {address} answers what cannot be read{consequence}");
        }
    }
}
