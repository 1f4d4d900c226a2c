using Microsoft.Extensions.Logging;
using Osapi.Agent;
using Osapi.Client;
using Osapi.Controller;
using Osapi.Controller.Auth;
using Osapi.Transport;
using Osapi.Transport.Embedded;

namespace Osapi.Hosting;

/// <summary>A controller, an agent or both in this process, on the embedded transport or on a NATS broker.</summary>
/// <remarks>With default options it is everything that one machine needs: controller, agent and storage.</remarks>
public sealed partial class OsapiNode : IAsyncDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan NameTimeoutAfterInterruption = TimeSpan.FromSeconds(15);

    private readonly NodeOptions options;
    private readonly NodeParts parts;
    private readonly ILogger logger;
    private readonly Lazy<Task> stopped;

    private OsapiNode(NodeOptions options)
    {
        this.options = options;
        parts = new(options.Logging);
        logger = parts.Logger("Osapi.Start");
        stopped = new(parts.StopAsync);
    }

    /// <summary>The directory that it keeps everything in.</summary>
    public string StateDirectory => options.StateDirectory;

    /// <summary>The path of its controller's Unix socket; null without a controller.</summary>
    public string? Socket => options.Controller?.Socket;

    /// <summary>The addresses that its controller listens on over TCP, with the real ports.</summary>
    public IReadOnlyList<string> Urls => [.. parts.Controller?.Urls ?? []];

    /// <summary>
    /// Starts a node, and waits for a broker as long as it takes. When this completes, its controller takes calls and knows an agent, if the node has one. On the
    /// embedded transport, jobs that an earlier run accepted and never started are expired by then.
    /// </summary>
    /// <exception cref="StateDirectoryBusyException">Another node holds the state directory.</exception>
    /// <exception cref="ArgumentException">The options name no part, or an agent alone without a broker; or an address, or the path of the socket, cannot be listened on.</exception>
    /// <exception cref="IOException">An address or the socket is taken.</exception>
    public static async Task<OsapiNode> StartAsync(NodeOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Controller is null && (options.Agent is null || options.Nats is null))
            throw new ArgumentException("A node has a controller, an agent or both, and an agent without a controller needs a broker.", nameof(options));
        OsapiNode node = new(Complete(options));
        try
        {
            await node.StartAsync(cancellationToken);
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Creates a client of this node's controller with every permission.</summary>
    /// <exception cref="InvalidOperationException">The node has no controller.</exception>
    public OsapiClient CreateClient() => options.Controller is { } controller
        ? LocalClient.Create(controller.Socket!, controller.SigningKeyFile!)
        : throw new InvalidOperationException("This node has no controller.");

    /// <summary>Completes when the node was stopped, or the token says so; faulted when its controller or its agent could not go on.</summary>
    public async Task WaitForShutdownAsync(CancellationToken cancellationToken)
    {
        // Waiting is all that the token ends: the order of stopping is that of DisposeAsync.
        Task?[] ends = [parts.Controller?.WaitForShutdownAsync(CancellationToken.None), parts.Agent?.Completion];
        await await Task.WhenAny(ends.OfType<Task>()).WaitAsync(cancellationToken);
    }

    /// <summary>Stops taking calls, lets running jobs end for a few seconds, and stops.</summary>
    public ValueTask DisposeAsync() => new(stopped.Value);

    private static NodeOptions Complete(NodeOptions options)
    {
        var directory = Path.GetFullPath(options.StateDirectory);
        return options with
        {
            StateDirectory = directory,
            Controller = options.Controller is { } controller
                ? controller with
                {
                    Socket = Path.GetFullPath(controller.Socket ?? Path.Combine(directory, SocketFile.Name)),
                    SigningKeyFile = controller.SigningKeyFile ?? Path.Combine(directory, SigningKey.FileName),
                }
                : null,
        };
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        var transport = parts.Transport = await OpenTransportAsync(cancellationToken);
        NodeEnvironment environment = new()
        {
            Transport = transport.Transport,
            StateDirectory = StateDirectory,
            IsAlone = options.Nats is null,
            Version = ProductVersion.Text,
            Time = options.Time,
        };
        if (options.Controller is { } controller)
            parts.Controller = await StartPartAsync(() => OsapiController.StartAsync(environment, controller, options.Logging, cancellationToken), cancellationToken);
        if (options.Agent is { } agent)
        {
            // The agent that has the name may come back to the broker some seconds later than this one.
            if (transport.WasUnavailableAtStart)
                agent = agent with { NameTimeout = NameTimeoutAfterInterruption };
            parts.Agent = await StartPartAsync(() => OsapiAgent.StartAsync(environment, agent, parts.Logger("Osapi.Agent"), cancellationToken), cancellationToken);
        }

        // An agent that failed instead says why here.
        if (parts is { Controller: { } listening, Agent: { } working })
            await await Task.WhenAny(listening.FirstAgent, working.Completion).WaitAsync(cancellationToken);
        LogStarted();
    }

    private async Task<NodeTransport> OpenTransportAsync(CancellationToken cancellationToken)
    {
        var transportLogger = parts.Logger("Osapi.Transport");
        if (options.Nats is not { } nats)
            return await NodeTransport.OpenEmbeddedAsync(options, transportLogger, cancellationToken);
        // Before anything else: another one on the same state must hear of it at once, broker or not.
        if (options.Controller is not null)
            parts.StateLock = StateLock.Acquire(StateDirectory);
        LogConnecting(nats.Urls);
        return await NodeTransport.ConnectAsync(options, nats, transportLogger, cancellationToken);
    }

    // The broker may go away again while a part reads what there is, or a disk may be full. The embedded transport's failures do not pass.
    private Task<T> StartPartAsync<T>(Func<Task<T>> start, CancellationToken cancellationToken) =>
        options.Nats is null ? start() : new RetryLoop(options.Time, RetryDelay).RunAsync(start, LogNotStarted, cancellationToken);

    private void LogStarted()
    {
        if (!logger.IsEnabled(LogLevel.Information))
            return;
        var transport = options.Nats is { } nats ? $"the broker at {string.Join(", ", nats.Urls)}" : "the embedded transport";
        LogNodeStarted(ProductVersion.Text, StateDirectory, transport);
        if (options.Controller is not null)
        {
            var listeners = string.Join(", ", Urls.Append(Socket));
            LogListening(listeners);
        }

        if (options.Agent is { } agent)
        {
            var hostname = agent.Hostname ?? OsapiAgent.MachineName;
            LogAgentStarted(hostname, agent.MaxJobs);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Started version {Version} with its state in {StateDirectory} on {Transport}")]
    private partial void LogNodeStarted(string version, string stateDirectory, string transport);

    [LoggerMessage(Level = LogLevel.Information, Message = "The controller listens on {Listeners}")]
    private partial void LogListening(string listeners);

    [LoggerMessage(Level = LogLevel.Information, Message = "The agent takes jobs for {Hostname}, {MaxJobs} at once")]
    private partial void LogAgentStarted(string hostname, int maxJobs);

    [LoggerMessage(Level = LogLevel.Information, Message = "Connecting to the broker at {Urls}")]
    private partial void LogConnecting(IEnumerable<string> urls);

    [LoggerMessage(Level = LogLevel.Warning, Message = "It cannot start yet, trying again: {Reason}")]
    private partial void LogNotStarted(string reason);
}
