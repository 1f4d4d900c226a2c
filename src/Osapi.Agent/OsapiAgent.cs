using Microsoft.Extensions.Logging;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Jobs;
using Osapi.Operations.Facts;
using Osapi.Transport.Jobs;

namespace Osapi.Agent;

/// <summary>A running agent: it executes jobs on this host.</summary>
public sealed class OsapiAgent : IAsyncDisposable
{
    // How long a stopping agent waits for running jobs before it cancels them.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    // How long it tries to tell how they ended; after that it is for its next run to tell.
    private static readonly TimeSpan LastWords = Grace + Execution.Grace + TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource noMore = new();
    private readonly CancellationTokenSource cancelRunning;
    private readonly CancellationTokenSource giveUp;
    private readonly Ledger ledger;
    private readonly Slots slots;
    private readonly JobTasks tasks;
    private readonly Lazy<Task> stopped;

    private OsapiAgent(Ledger ledger, AgentOptions options, ILogger logger)
    {
        this.ledger = ledger;
        slots = new(options.MaxJobs);
        tasks = new(logger);
        cancelRunning = new(Timeout.InfiniteTimeSpan, options.Time);
        giveUp = new(Timeout.InfiniteTimeSpan, options.Time);
        stopped = new(StopAsync);
    }

    /// <summary>Completes when the agent takes no more jobs: because it was stopped, or faulted with the reason why it cannot go on.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>Starts an agent; it has told what it knows of earlier work when this completes.</summary>
    /// <exception cref="ArgumentException">A custom fact has a name that no reference could name.</exception>
    /// <exception cref="LedgerException">The ledger is held by another agent, or cannot be read.</exception>
    public static Task<OsapiAgent> StartAsync(AgentOptions options, ILogger logger, CancellationToken cancellationToken) =>
        StartAsync(options, AgentHandlers.All, logger, cancellationToken);

    internal static async Task<OsapiAgent> StartAsync(AgentOptions options, HandlerTable handlers, ILogger logger, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxJobs, 1, nameof(options));
        if (options.CustomFacts.Keys.FirstOrDefault(name => !FactKeys.IsCustomName(name)) is { } wrong)
            throw new ArgumentException($"'{wrong}' cannot be the name of a fact: it must be one word of letters, digits and '_'.", nameof(options));
        var ledger = await Ledger.OpenAsync(new() { Directory = options.LedgerDirectory, Time = options.Time, Logger = logger }, cancellationToken);
        OsapiAgent agent = new(ledger, options, logger);
        try
        {
            await agent.RunAsync(options, handlers, logger, cancellationToken);
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

    private async Task RunAsync(AgentOptions options, HandlerTable handlers, ILogger logger, CancellationToken cancellationToken)
    {
        Host machine = new() { Name = "", Time = options.Time };
        var hostname = options.Hostname ?? machine.ReadHostname();
        Host host = new()
        {
            Name = hostname,
            Labels = options.Labels,
            CustomFacts = options.CustomFacts,
            Root = options.Root,
            Time = options.Time,
            StateDirectory = options.StateDirectory ?? options.LedgerDirectory,
            Files = options.Transport.Files,
            Logger = logger,
        };
        AgentIdentity identity = new(hostname, ledger.Id, Guid.NewGuid().ToString("N"));
        StateWriter states = new(options.Transport, options.Time, logger);
        await new Recovery(ledger, states, identity, host, logger).RunAsync(cancellationToken);

        RunningJobs running = new(cancelRunning.Token);
        JobRunner runner = new(options.Transport, ledger, new(handlers, host), states, identity, logger, giveUp.Token);
        AgentInfo info = new()
        {
            Hostname = hostname,
            Ledger = ledger.Id,
            Session = identity.Session,
            Labels = options.Labels,
            Version = options.Version,
            StartedAt = options.Transport.ServerNow,
        };
        Completion = UntilOneEndsAsync(
            new Heartbeat(options.Transport, identity, info, options.Time, logger).RunAsync(noMore.Token),
            new CommandLoop(options.Transport, ledger, runner, running, slots, identity, options.Time, logger).RunAsync(tasks, noMore.Token),
            new QueueLoop(options.Transport, runner, running, slots, options.Time, logger).RunAsync(tasks, noMore.Token));
    }

    // A loop ends when the agent is stopped, or when it cannot go on; then the others must not go on without it.
    private async Task UntilOneEndsAsync(params Task[] loops)
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
        cancelRunning.CancelAfter(Grace);
        giveUp.CancelAfter(LastWords);
        await tasks.AllAsync();
        await ledger.DisposeAsync();
        slots.Dispose();
        noMore.Dispose();
        cancelRunning.Dispose();
        giveUp.Dispose();
    }
}
