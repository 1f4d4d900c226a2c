using System.Runtime.ExceptionServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Osapi.Agent;
using Osapi.Agent.Jobs;
using Osapi.Controller;
using Osapi.Transport;
using Osapi.Transport.Embedded;
using Osapi.Transport.Nats;

namespace Osapi.Cli.Hosting;

/// <summary>A controller, an agent or both in this process, connected to a shared broker.</summary>
internal sealed partial class FleetSystem : IAsyncDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan NameTimeoutAfterInterruption = TimeSpan.FromSeconds(15);

    private readonly ServiceProvider logging;
    private readonly ILogger logger;
    private StateLock? stateLock;
    private NatsTransport? transport;
    private OsapiController? controller;
    private OsapiAgent? agent;

    private FleetSystem(Action<ILoggingBuilder> configureLogging)
    {
        logging = new ServiceCollection().AddLogging(configureLogging).BuildServiceProvider();
        logger = Logger("Osapi.Start");
    }

    /// <summary>The TCP addresses that the controller listens on, with the actual ports.</summary>
    public IReadOnlyCollection<string> Urls => controller?.Urls ?? [];

    /// <summary>Starts the system and waits for the broker without a time limit.</summary>
    public static async Task<FleetSystem> StartAsync(
        NatsOptions broker, ControllerConfiguration? controller, AgentConfiguration? agent, Action<ILoggingBuilder> configureLogging, CancellationToken cancellationToken)
    {
        FleetSystem system = new(configureLogging);
        try
        {
            // Acquired first: another process with the same state must fail at once, even without a broker.
            if (controller is not null)
                system.stateLock = StateLock.Acquire(controller.Local.StateDirectory);
            system.LogConnecting(broker.Urls);
            system.transport = await NatsTransport.ConnectAsync(broker with
            {
                Logger = system.Logger("Osapi.Transport"),
                SeenStreams = controller is not null && OsapiController.HasSeenStore(controller.Local.StateDirectory),
            }, cancellationToken);
            if (controller is not null)
                system.controller = await system.UntilAnsweredAsync(
                    () => OsapiController.StartAsync(controller.Options(system.transport), configureLogging, cancellationToken), cancellationToken);
            if (agent is not null)
                system.agent = await system.UntilAnsweredAsync(
                    () => OsapiAgent.StartAsync(AgentOptions(agent, system.transport), system.Logger("Osapi.Agent"), cancellationToken), cancellationToken);
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    /// <summary>Completes when a part ends by itself; faulted with the reason.</summary>
    public async Task EndAsync()
    {
        Task?[] parts = [controller?.WaitForShutdownAsync(CancellationToken.None), agent?.Completion];
        await await Task.WhenAny(parts.OfType<Task>());
    }

    /// <summary>Stops the agent first, whose last messages its controller still receives, then the controller.</summary>
    public async ValueTask DisposeAsync()
    {
        List<Exception> failures = [];
        foreach (var part in new IAsyncDisposable?[] { agent, controller, transport })
            try
            {
                await (part?.DisposeAsync() ?? ValueTask.CompletedTask);
            }
            catch (Exception exception)
            {
                // The other parts must be stopped as well.
                failures.Add(exception);
            }

        stateLock?.Dispose();
        await logging.DisposeAsync();
        if (failures.Count > 0)
            ExceptionDispatchInfo.Throw(failures[0]);
    }

    // The broker may become unavailable again during a start, or a disk may be full.
    private async Task<T> UntilAnsweredAsync<T>(Func<Task<T>> start, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await start();
            }
            catch (TransportException exception)
            {
                LogNotStarted(exception.Message);
            }

            await Task.Delay(RetryDelay, TimeProvider.System, cancellationToken);
        }
    }

    // Another holder of the agent's name may reconnect to the broker some seconds later than this agent.
    private static AgentOptions AgentOptions(AgentConfiguration agent, NatsTransport transport) =>
        agent.Options(transport) is var options && transport.WasUnavailableAtStart ? options with { NameTimeout = NameTimeoutAfterInterruption } : options;

    private ILogger Logger(string category) => logging.GetRequiredService<ILoggerFactory>().CreateLogger(category);

    [LoggerMessage(Level = LogLevel.Information, Message = "Connecting to the broker at {Urls}")]
    private partial void LogConnecting(IEnumerable<string> urls);

    [LoggerMessage(Level = LogLevel.Warning, Message = "It cannot start yet, trying again: {Reason}")]
    private partial void LogNotStarted(string reason);
}
