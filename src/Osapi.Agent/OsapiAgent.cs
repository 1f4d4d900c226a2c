using Microsoft.Extensions.Logging;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Identity;
using Osapi.Agent.Jobs;
using Osapi.Agent.Jobs.Ledgers;
using Osapi.Agent.Outputs;
using Osapi.Agent.Registration;
using Osapi.Operations.Facts;
using Osapi.Transport;
using Osapi.Transport.Jobs;
using Osapi.Transport.Trust;

namespace Osapi.Agent;

/// <summary>A running agent, which executes jobs on this host.</summary>
public sealed class OsapiAgent : IAsyncDisposable
{
    // The time that a stopping agent waits for running jobs before it cancels them.
    private static readonly TimeSpan StopGracePeriod = TimeSpan.FromSeconds(5);

    // The time for which it tries to publish their results; after that its next run does so.
    private static readonly TimeSpan FinalPublishTimeout = StopGracePeriod + OperationExecutor.GracePeriod + TimeSpan.FromSeconds(5);

    // The number of slots reserved for quick operations.
    private const int QuickSlots = 4;

    private readonly CancellationTokenSource stopping = new();
    private readonly CancellationTokenSource cancelRunning;
    private readonly CancellationTokenSource giveUp;
    private readonly Ledger ledger;
    private readonly JobSlots slots;
    private readonly JobSlots quickSlots = new(QuickSlots);
    private readonly JobTasks tasks;
    private readonly QueueGate queueGate = new();
    private readonly Lazy<Task> stopped;
    private AgentRegistration? registered;

    private OsapiAgent(Ledger ledger, AgentOptions options, TimeProvider time, ILogger logger)
    {
        this.ledger = ledger;
        slots = new(options.MaxJobs);
        tasks = new(logger);
        cancelRunning = new(Timeout.InfiniteTimeSpan, time);
        giveUp = new(Timeout.InfiniteTimeSpan, time);
        stopped = new(StopAsync);
    }

    /// <summary>
    /// The task that completes when the agent takes no more jobs: because it was stopped, or faulted with the cause; a
    /// <see cref="NameTakenException"/> when another agent has taken its name.
    /// </summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>The clock by which the agents of this machine bound the age of commands.</summary>
    public static BootClock BootClock { get; } = HostBootClock.Create();

    /// <summary>The default name of an agent on this machine.</summary>
    /// <exception cref="Osapi.Operations.OperationException">
    /// The machine has no name, or one that no target could name.
    /// </exception>
    public static string MachineName => AgentNameRules.Of(given: null, new Host { Name = "" }.ReadHostname);

    /// <summary>
    /// Starts an agent. When this completes, it has published the results of earlier runs, and owns its name. That
    /// takes half a minute when the name belongs to an agent that is silent.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// A custom fact has a name that no reference could name, or the agent has one that no target could name.
    /// </exception>
    /// <exception cref="Osapi.Operations.OperationException">
    /// The default name, the machine's own, is one that no target could name.
    /// </exception>
    /// <exception cref="LedgerException">Another agent has the ledger open, or it cannot be read.</exception>
    /// <exception cref="NameTakenException">Another agent owns the name, and is alive.</exception>
    public static Task<OsapiAgent> StartAsync(NodeEnvironment node, AgentOptions options, ILogger logger, CancellationToken cancellationToken) =>
        StartAsync(node, options, AgentHandlers.All, logger, cancellationToken);

    /// <summary>Gets the directory of the ledger of an agent with this state directory.</summary>
    internal static string LedgerDirectory(NodeEnvironment node) => Path.Combine(node.StateDirectory, "ledger");

    internal static async Task<OsapiAgent> StartAsync(NodeEnvironment node, AgentOptions options, HandlerTable handlers, ILogger logger, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxJobs, 1, nameof(options));
        // A handler that hangs in a system call keeps a thread; the loops must not wait for one.
        ThreadPool.GetMinThreads(out var workers, out var completions);
        ThreadPool.SetMinThreads(Math.Max(workers, Environment.ProcessorCount + options.MaxJobs + QuickSlots + OperationExecutor.MaxLeftoverProcesses), completions);
        if (options.CustomFacts.Keys.FirstOrDefault(name => !FactKeys.IsCustomName(name)) is { } wrong)
            throw new ArgumentException($"'{wrong}' cannot be the name of a fact: it must be one word of letters, digits and '_'.", nameof(options));
        var ledger = await Ledger.OpenAsync(
            new() { Directory = LedgerDirectory(node), BootId = options.BootId, Time = node.Time, Logger = logger }, cancellationToken);
        OsapiAgent agent = new(ledger, options, node.Time, logger);
        try
        {
            await agent.RunAsync(node, options, handlers, logger, cancellationToken);
            return agent;
        }
        catch
        {
            await agent.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Takes no more jobs, waits 5 seconds for running ones, cancels the rest, and stops once all results are
    /// published, or 15 seconds have passed.
    /// </summary>
    public ValueTask DisposeAsync() => new(stopped.Value);

    private async Task RunAsync(NodeEnvironment node, AgentOptions options, HandlerTable handlers, ILogger logger, CancellationToken cancellationToken)
    {
        var hostname = AgentNameRules.Of(options.Hostname, () => MachineName);
        var host = options.Machine(new()
        {
            Name = hostname,
            Labels = options.Labels,
            CustomFacts = options.CustomFacts,
            Root = options.Root,
            Time = node.Time,
            StateDirectory = Path.Combine(node.StateDirectory, "agent"),
            Files = node.Transport.Files,
            DockerHost = options.DockerHost,
            Restrictions = options.Restrictions,
            Logger = logger,
        });
        AgentIdentity identity = new(hostname, ledger.Id, ledger.Session) { Earlier = ledger.Earlier };
        NameLease claim = new(node, options.NameTimeout, identity, host, logger);
        JobStatePublisher states = new(node.Transport, node.Time, logger);
        OutputSpools spools = new(Path.Combine(node.StateDirectory, "output"), options.Output, node.Transport, identity.Key, node.Time, logger, giveUp.Token);
        // First of all: a copy of a running agent must not publish results of its jobs, or end their processes.
        await claim.QueryAsync(cancellationToken);
        await new LedgerRecovery(ledger, states, spools, identity, host, logger).RunAsync(cancellationToken);

        AgentInfo info = new()
        {
            Hostname = hostname,
            Ledger = ledger.Id,
            Session = identity.Session,
            Labels = options.Labels,
            Version = node.Version,
            MachineId = host.ReadMachineId(),
        };
        AgentRegistration record = new(node.Transport, identity, info, node.Time, logger);
        await claim.AcquireAsync(record.Begin, cancellationToken);
        registered = record;

        NameLeaseMonitor name = new(record, node.Time, stopping.Token);
        HeartbeatSender heartbeat = new(node.Transport, identity, host, node.Time, logger);
        CloneDetector clones = new(node.Transport, identity, heartbeat, name, node.Time, logger);
        RunningJobs running = new(cancelRunning.Token);
        SkippedMessages skippedMessages = new(logger, node.Time);
        JobRunner runner = new(node.Transport, ledger, new(handlers, host, cancelRunning.Token), states, identity, new(node.Transport, identity, skippedMessages, node.Time), spools, name, node.Time, logger, giveUp.Token);
        Completion = WhenAnyEndsAsync(
            heartbeat.RunAsync(stopping.Token),
            name.RunAsync(),
            clones.RunAsync(stopping.Token),
            new OutputTails(node.Transport, identity.Key, spools, node.Time, logger).RunAsync(stopping.Token),
            new FactsReporter(node.Transport, record, host, new(host, options.Conditions, clones), node.Time).RunAsync(stopping.Token),
            new DrainWatcher(node.Transport, identity, record, new(node.Transport, identity, node.Trust, node.Time, logger), queueGate, running, node.Time, logger).RunAsync(stopping.Token),
            new CommandConsumer(node.Transport, ledger, runner, running, slots, quickSlots, identity, skippedMessages, node.Time, logger).RunAsync(tasks, stopping.Token),
            new QueueConsumer(QueueName.Any, node.Transport, runner, running, slots, queueGate, skippedMessages, node.Time, logger).RunAsync(tasks, stopping.Token),
            new QueueConsumer(QueueName.Quick, node.Transport, runner, running, quickSlots, queueGate, skippedMessages, node.Time, logger).RunAsync(tasks, stopping.Token));
    }

    // A loop ends when the agent is stopped, or when it fails; then the others must not continue without it.
    private async Task WhenAnyEndsAsync(params Task[] loops)
    {
        await Task.WhenAny(loops);
        await stopping.CancelAsync();
        try
        {
            await Task.WhenAll(loops);
        }
        catch (OperationCanceledException)
        {
            // The normal end of the loops when the agent is stopped.
        }
    }

    private async Task StopAsync()
    {
        await stopping.CancelAsync();
        // The failure is reported through Completion.
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancelRunning.CancelAfter(StopGracePeriod);
        giveUp.CancelAfter(FinalPublishTimeout);
        await tasks.AllAsync();
        if (registered is not null)
            await registered.StopAsync(giveUp.Token);
        await ledger.DisposeAsync();
        slots.Dispose();
        quickSlots.Dispose();
        queueGate.Dispose();
        stopping.Dispose();
        cancelRunning.Dispose();
        giveUp.Dispose();
    }
}
