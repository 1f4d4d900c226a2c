using Microsoft.Extensions.Logging;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Jobs;
using Osapi.Transport.Jobs;

namespace Osapi.Agent;

/// <summary>A running agent: it executes jobs on this host.</summary>
public sealed class OsapiAgent : IAsyncDisposable
{
    // How long a stopping agent waits for running jobs before it cancels them.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource noMore = new();
    private readonly CancellationTokenSource cancelRunning = new();
    private readonly Ledger ledger;
    private readonly Slots slots;
    private readonly JobTasks tasks;
    private Task loops = Task.CompletedTask;
    private bool disposed;

    private OsapiAgent(Ledger ledger, AgentOptions options, ILogger logger)
    {
        this.ledger = ledger;
        slots = new(options.MaxJobs);
        tasks = new(logger);
    }

    /// <summary>Completes when the agent can no longer take jobs: faulted with the reason, or because it was stopped.</summary>
    public Task Completion => loops;

    /// <summary>Starts an agent; it has told what it knows of earlier work when this completes.</summary>
    /// <exception cref="LedgerException">The ledger is held by another agent, or cannot be read.</exception>
    public static async Task<OsapiAgent> StartAsync(AgentOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var ledger = await Ledger.OpenAsync(new() { Directory = options.LedgerDirectory, Time = options.Time, Logger = logger }, cancellationToken);
        OsapiAgent agent = new(ledger, options, logger);
        await agent.RunAsync(options, logger, cancellationToken);
        return agent;
    }

    /// <summary>Takes no more jobs, lets running ones end for 5 seconds, cancels the rest, and stops once each has said how it ended.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, true))
            return;
        await noMore.CancelAsync();
        await Quiet(loops);
        cancelRunning.CancelAfter(Grace);
        await tasks.AllAsync();
        await ledger.DisposeAsync();
        slots.Dispose();
        noMore.Dispose();
        cancelRunning.Dispose();
    }

    private async Task RunAsync(AgentOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        Host machine = new() { Name = "", Time = options.Time };
        var hostname = options.Hostname ?? machine.ReadHostname();
        Host host = new() { Name = hostname, Labels = options.Labels, Time = options.Time };
        AgentIdentity identity = new(hostname, ledger.Id, Guid.NewGuid().ToString("N"));
        StateWriter states = new(options.Transport, options.Time, logger);
        await new Recovery(options.Transport, ledger, states, identity).RunAsync(cancellationToken);

        RunningJobs running = new(cancelRunning.Token);
        JobRunner runner = new(options.Transport, ledger, new(AgentHandlers.All, host), states, running, identity, logger);
        AgentInfo info = new()
        {
            Hostname = hostname,
            Ledger = ledger.Id,
            Session = identity.Session,
            Labels = options.Labels,
            Version = options.Version,
            StartedAt = options.Transport.ServerNow,
        };
        loops = Task.WhenAll(
            new Heartbeat(options.Transport, identity, info, options.Time).RunAsync(noMore.Token),
            new CommandLoop(options.Transport, ledger, runner, running, slots, identity).RunAsync(tasks, noMore.Token),
            new QueueLoop(options.Transport, runner, slots, options.Time, logger).RunAsync(tasks, noMore.Token));
    }

    private static async Task Quiet(Task task)
    {
        try
        {
            await task;
        }
        catch (OperationCanceledException)
        {
            // This is how loops end.
        }
    }
}
