using Microsoft.Extensions.Logging;
using Osapi.Agent;
using Osapi.Agent.Enrolment;
using Osapi.Agent.Jobs;
using Osapi.Client;
using Osapi.Controller;
using Osapi.Controller.Auth;
using Osapi.Hosting.Detached;
using Osapi.Transport;
using Osapi.Transport.Embedded;
using Osapi.Transport.Enrolment;
using Osapi.Transport.Trust;

namespace Osapi.Hosting;

/// <summary>A controller, an agent or both in this process, on the embedded transport or on a NATS broker.</summary>
/// <remarks>With default options, it contains everything that a single machine needs: controller, agent and storage.</remarks>
public sealed partial class OsapiNode : IAsyncDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan IntroductionLifetime = TimeSpan.FromHours(1);

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

    /// <summary>The state directory.</summary>
    public string StateDirectory => options.StateDirectory;

    /// <summary>The path of the controller's Unix socket; null without a controller.</summary>
    public string? Socket => options.Controller?.Socket;

    /// <summary>The TCP addresses of the controller, with the actual ports.</summary>
    public IReadOnlyList<string> Urls => [.. parts.Controller?.Urls ?? []];

    /// <summary>
    /// Starts a node; waits for a broker without a time limit. When the task completes, the controller accepts calls and knows the node's agent, if there is one. On the
    /// embedded transport, jobs that an earlier run accepted but did not start have expired by then.
    /// </summary>
    /// <exception cref="StateDirectoryBusyException">Another node holds the state directory.</exception>
    /// <exception cref="ArgumentException">The options have neither controller nor agent, or only an agent without a broker; or an address or the path of the socket is not valid for listening.</exception>
    /// <exception cref="IOException">An address or the socket is already in use.</exception>
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

    /// <summary>Completes when the node has stopped or the token is cancelled; faulted when the controller or the agent failed.</summary>
    public async Task WaitForShutdownAsync(CancellationToken cancellationToken)
    {
        // The token only ends the wait; DisposeAsync stops the node.
        Task?[] ends = [parts.Controller?.WaitForShutdownAsync(CancellationToken.None), parts.Agent?.Completion];
        await await Task.WhenAny(ends.OfType<Task>()).WaitAsync(cancellationToken);
    }

    /// <summary>Stops accepting calls, waits a few seconds for running jobs, and stops.</summary>
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
                    KeyFile = options.Trust.ControllerKeyFile ?? Path.Combine(directory, ControllerKeys.FileName),
                    RefuseUnsigned = !options.Trust.AllowsUnsigned,
                    AllowUnsealedSecrets = options.Trust.AllowsUnsealedSecrets,
                    RunDetached = new DetachedPlans(Path.GetFullPath(controller.Socket ?? Path.Combine(directory, SocketFile.Name))).RunAsync,
                }
                : null,
            Agent = options.Agent is { } agent ? agent with { RefuseUnsigned = !options.Trust.AllowsUnsigned } : null,
        };
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        var transport = parts.Transport = await OpenTransportAsync(cancellationToken);
        NodeEnvironment environment = new()
        {
            Transport = transport.Controller,
            HostKeys = transport.Keys.Hosts,
            Skipped = transport.Keys.Skipped,
            StateDirectory = StateDirectory,
            IsAlone = options.Nats is null,
            Version = ProductVersion.Text,
            Time = options.Time,
        };
        if (options.Controller is { } controller)
            parts.Controller = await StartPartAsync(() => OsapiController.StartAsync(environment, controller, options.Logging, cancellationToken), cancellationToken);
        if (options.Agent is { } agent)
        {
            // The agent that holds the name may reconnect to the broker some seconds later than this one.
            if (transport.WasUnavailableAtStart)
                agent = agent with { NameTimeout = NameTimeoutAfterInterruption };
            var working = environment with { Transport = transport.Agent };
            // On the embedded transport, controller and agent are one process, and have each other's keys.
            if (options.Nats is not null && await AgentEnrolment.RunAsync(working, Introduced(agent), parts.Logger("Osapi.Agent"), cancellationToken) is { } enrolled)
                working = working with { Transport = transport.OfEnrolled(parts.Enrolment = enrolled), Trust = enrolled.Trust };
            parts.Agent = await StartPartAsync(() => OsapiAgent.StartAsync(working, agent, parts.Logger("Osapi.Agent"), cancellationToken), cancellationToken);
        }

        // Throws the failure of an agent that did not start.
        if (parts is { Controller: { } listening, Agent: { } started })
            await await Task.WhenAny(listening.FirstAgent, started.Completion).WaitAsync(cancellationToken);
        LogStarted();
    }

    // A controller in this process vouches for the agent beside it, also where other agents may still work without a key.
    private AgentOptions Introduced(AgentOptions agent)
    {
        if (options.Controller is not { } controller || agent is not { JoinToken: null, ControllersFingerprint: null })
            return agent;
        using var keys = ControllerKeyChain.Load(controller.KeyFile!);
        using JoinTokens tokens = new(keys.Present);
        var now = options.Time.GetUtcNow();
        JoinGrant grant = new() { Id = Guid.NewGuid().ToString("N"), Name = agent.Hostname ?? OsapiAgent.MachineName, Issued = now, Expires = now + IntroductionLifetime };
        return agent with { JoinToken = tokens.Create(grant) };
    }

    private async Task<NodeTransport> OpenTransportAsync(CancellationToken cancellationToken)
    {
        var transportLogger = parts.Logger("Osapi.Transport");
        if (options.Nats is not { } nats)
            return await NodeTransport.OpenEmbeddedAsync(options, transportLogger, cancellationToken);
        // First of all: a second node on the same state directory must fail at once, even without a broker.
        if (options.Controller is not null)
            parts.StateLock = StateLock.Acquire(StateDirectory);
        LogConnecting(nats.Urls);
        return await NodeTransport.ConnectAsync(options, nats, transportLogger, cancellationToken);
    }

    // The broker may disconnect again while a part starts, or its disk may be full. Failures of the embedded transport are permanent.
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

    [LoggerMessage(Level = LogLevel.Information, Message = "The agent accepts jobs for {Hostname}, at most {MaxJobs} at the same time")]
    private partial void LogAgentStarted(string hostname, int maxJobs);

    [LoggerMessage(Level = LogLevel.Information, Message = "Connecting to the broker at {Urls}")]
    private partial void LogConnecting(IEnumerable<string> urls);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The start failed and is retried: {Reason}")]
    private partial void LogNotStarted(string reason);
}
