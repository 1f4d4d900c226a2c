using Microsoft.Extensions.Logging;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Identity;
using Osapi.Agent.Jobs;
using Osapi.Agent.Jobs.Ledgers;
using Osapi.Agent.Registration;
using Osapi.Operations.Facts;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent;

/// <summary>A running agent: it executes jobs on this host.</summary>
public sealed class OsapiAgent : IAsyncDisposable
{
    // How long a stopping agent waits for running jobs before it cancels them.
    private static readonly TimeSpan StopGracePeriod = TimeSpan.FromSeconds(5);

    // How long it tries to tell how they ended; after that it is for its next run to tell.
    private static readonly TimeSpan FinalPublishTimeout = StopGracePeriod + OperationExecutor.GracePeriod + TimeSpan.FromSeconds(5);

    // How many quick operations run besides the jobs.
    private const int QuickSlots = 4;

    private readonly CancellationTokenSource noMore = new();
    private readonly CancellationTokenSource cancelRunning;
    private readonly CancellationTokenSource giveUp;
    private readonly Ledger ledger;
    private readonly JobSlots slots;
    private readonly JobSlots quickSlots = new(QuickSlots);
    private readonly JobTasks tasks;
    private readonly QueueGate intake = new();
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
    /// Completes when the agent takes no more jobs: because it was stopped, or faulted with the reason why it cannot go on;
    /// a <see cref="NameTakenException"/> when another agent has taken its name.
    /// </summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>The name of an agent on this machine that is given none.</summary>
    /// <exception cref="Osapi.Operations.OperationException">The machine has none, or one that no target could name.</exception>
    public static string MachineName => AgentNameRules.Of(given: null, new Host { Name = "" }.ReadHostname);

    /// <summary>
    /// Starts an agent; when this completes it has told what it knows of earlier work, and its name is its own. That takes half
    /// a minute when the name was another's who is silent.
    /// </summary>
    /// <exception cref="ArgumentException">A custom fact has a name that no reference could name, or the agent one that no target could.</exception>
    /// <exception cref="Osapi.Operations.OperationException">The machine's own name, which was to be the agent's, is none that a target could say.</exception>
    /// <exception cref="LedgerException">The ledger is held by another agent, or cannot be read.</exception>
    /// <exception cref="NameTakenException">Another agent has the name, and is alive.</exception>
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

    /// <summary>Takes no more jobs, lets running ones end for 5 seconds, cancels the rest, and stops once each has said how it ended, or 15 seconds have passed.</summary>
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
            Logger = logger,
        });
        AgentIdentity identity = new(hostname, ledger.Id, ledger.Session) { Earlier = ledger.Earlier };
        NameLease claim = new(node, options.NameTimeout, identity, host, logger);
        JobStatePublisher states = new(node.Transport, node.Time, logger);
        // First of all: what a copy of a running agent told of its jobs, or ended of their processes, would harm them.
        await claim.QueryAsync(cancellationToken);
        await new LedgerRecovery(ledger, states, identity, host, logger).RunAsync(cancellationToken);

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

        NameLeaseMonitor name = new(record, node.Time, noMore.Token);
        HeartbeatSender heartbeat = new(node.Transport, identity, host, node.Time, logger);
        CloneDetector clones = new(node.Transport, identity, heartbeat, name, node.Time, logger);
        RunningJobs running = new(cancelRunning.Token);
        SkippedMessages passedOver = new(logger, node.Time);
        JobRunner runner = new(node.Transport, ledger, new(handlers, host), states, identity, name, node.Time, logger, giveUp.Token);
        Completion = WhenAnyEndsAsync(
            heartbeat.RunAsync(noMore.Token),
            name.RunAsync(),
            clones.RunAsync(noMore.Token),
            new FactsReporter(node.Transport, record, host, new(host, options.Conditions, clones), node.Time).RunAsync(noMore.Token),
            new DrainWatcher(node.Transport, identity, record, new(node.Transport, identity, node.Time, logger), intake, running, node.Time, logger).RunAsync(noMore.Token),
            new CommandConsumer(node.Transport, ledger, runner, running, slots, quickSlots, identity, passedOver, node.Time, logger).RunAsync(tasks, noMore.Token),
            new QueueConsumer(QueueName.Any, node.Transport, runner, running, slots, intake, passedOver, node.Time, logger).RunAsync(tasks, noMore.Token),
            new QueueConsumer(QueueName.Quick, node.Transport, runner, running, quickSlots, intake, passedOver, node.Time, logger).RunAsync(tasks, noMore.Token));
    }

    // A loop ends when the agent is stopped, or when it cannot go on; then the others must not go on without it.
    private async Task WhenAnyEndsAsync(params Task[] loops)
    {
        await Task.WhenAny(loops);
        await noMore.CancelAsync();
        try
        {
            await Task.WhenAll(loops);
        }
        catch (OperationCanceledException)
        {
            // This is how loops end when the agent is stopped.
        }
    }

    private async Task StopAsync()
    {
        await noMore.CancelAsync();
        // Why it could not go on is for whoever looks at Completion.
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancelRunning.CancelAfter(StopGracePeriod);
        giveUp.CancelAfter(FinalPublishTimeout);
        await tasks.AllAsync();
        if (registered is not null)
            await registered.StopAsync(giveUp.Token);
        await ledger.DisposeAsync();
        slots.Dispose();
        quickSlots.Dispose();
        intake.Dispose();
        noMore.Dispose();
        cancelRunning.Dispose();
        giveUp.Dispose();
    }
}
