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

/// <summary>A controller, an agent or both in this process, on a broker that others share.</summary>
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

    /// <summary>Where its controller listens on TCP, with the real ports.</summary>
    public IReadOnlyCollection<string> Urls => controller?.Urls ?? [];

    /// <summary>Starts it, and waits for the broker as long as it takes.</summary>
    public static async Task<FleetSystem> StartAsync(
        NatsOptions broker, ControllerConfiguration? controller, AgentConfiguration? agent, Action<ILoggingBuilder> configureLogging, CancellationToken cancellationToken)
    {
        FleetSystem system = new(configureLogging);
        try
        {
            // Before anything else: another one on the same state must hear of it at once, broker or not.
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

    /// <summary>Completes when a part ended by itself; faulted with the reason.</summary>
    public async Task EndAsync()
    {
        Task?[] parts = [controller?.WaitForShutdownAsync(CancellationToken.None), agent?.Completion];
        await await Task.WhenAny(parts.OfType<Task>());
    }

    /// <summary>Stops the agent, whose last words its own controller still hears, then the controller.</summary>
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
                // The others are to be stopped all the same.
                failures.Add(exception);
            }

        stateLock?.Dispose();
        await logging.DisposeAsync();
        if (failures.Count > 0)
            ExceptionDispatchInfo.Throw(failures[0]);
    }

    // The broker may go away again while a part reads what there is, or a disk may be full.
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

    // Whoever has the agent's name may come back to the broker some seconds later than this one.
    private static AgentOptions AgentOptions(AgentConfiguration agent, NatsTransport transport) =>
        agent.Options(transport) is var options && transport.WasUnavailableAtStart ? options with { NameTimeout = NameTimeoutAfterInterruption } : options;

    private ILogger Logger(string category) => logging.GetRequiredService<ILoggerFactory>().CreateLogger(category);

    [LoggerMessage(Level = LogLevel.Information, Message = "Connecting to the broker at {Urls}")]
    private partial void LogConnecting(IEnumerable<string> urls);

    [LoggerMessage(Level = LogLevel.Warning, Message = "It cannot start yet, trying again: {Reason}")]
    private partial void LogNotStarted(string reason);
}
