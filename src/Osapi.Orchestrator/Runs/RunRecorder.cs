using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Runs;
using Osapi.Orchestrator.Execution;

namespace Osapi.Orchestrator.Runs;

/// <summary>Records one run: what it has done before, what it is about to do, and how its cells end.</summary>
internal sealed class RunRecorder : IAsyncDisposable
{
    private readonly RunJournal journal;
    private readonly RecordedReplies replies;
    private readonly IReadOnlyList<OwedStep> given;
    private HashSet<(string Task, string? Host)> owed = [];
    private readonly CancellationTokenSource cancelled = new();
    private readonly CancellationTokenSource ended = new();
    private readonly Task listening;
    private CancellationTokenRegistration letting;

    public RunRecorder(OsapiClient client, RunJournal journal, RunId runner, RunHistory history, RecordedReplies replies, IReadOnlyList<OwedStep> given)
    {
        (this.journal, History, this.replies, this.given) = (journal, history, replies, given);
        listening = ListenAsync(client, runner);
    }

    public RunId Id => journal.Run;

    public RunHistory History { get; }

    /// <summary>The interrupted run whose place this one takes; null without one.</summary>
    public RunId? Superseded { get; init; }

    /// <inheritdoc cref="RunTakenOver.JobsSince"/>
    public DateTimeOffset? JobsSince { get; init; }

    /// <summary>Cancelled when the run must stop at once.</summary>
    public CancellationToken LetGo { get; init; }

    /// <summary>The steps that earlier runs owe.</summary>
    public TakenSteps Steps { get; private set; } = new([], []);

    /// <summary>Cancelled when somebody cancels the run.</summary>
    public CancellationToken Cancelled => cancelled.Token;

    /// <inheritdoc cref="RunJournal.Lost"/>
    public Action<RunInterruptedException>? Lost { set => journal.Lost = value; }

    /// <summary>Records the hosts of the tasks that the journal does not have yet, and tells what the run begins with.</summary>
    public void Begin(Plan plan, PlanHosts hosts, RunOptions options)
    {
        foreach (var task in plan.Tasks)
            if (History.HostsOf(task.Name) is null && NamesOf(task) is { } names)
                journal.Append(new() { Kind = JournalEntryKind.Resolved, Task = task.Name, Hosts = names });
        Steps = TakenSteps.Of(given, plan, NamesOf);
        owed = [.. Steps.Taken.Select(step => (step.Task, step.Host))];
        letting = LetGo.Register(() => journal.Interrupt($"run {Id} was let go"));
        options.Begun?.Invoke(new(Id, Steps.Taken, Steps.NotDone, Superseded));

        // An _any task gets its host when it starts.
        IReadOnlyList<string>? NamesOf(PlanTask task) => task.Target?.Kind == TargetKind.Any ? null : hosts.Of(task)?.Select(host => host.Hostname).ToList();
    }

    /// <summary>True when an earlier run owes the cell.</summary>
    public bool IsOwed(PlanTask task, string? host) => owed.Count > 0 && owed.Contains((task.Name, host));

    /// <summary>Returns the reply of a host that had ended before; null when it gave none.</summary>
    public HostReply? ReplyOf(JournalEntry end) => replies.Of(end);

    /// <summary>Records the hosts of a task.</summary>
    public void Resolved(string task, IReadOnlyList<string> hosts) => journal.Append(new() { Kind = JournalEntryKind.Resolved, Task = task, Hosts = hosts });

    /// <summary>Records a call before it is made. It may be made when the result completes.</summary>
    /// <exception cref="RunInterruptedException">The call must not be made: another runner makes it.</exception>
    public Task CallingAsync(JournalEntry call) => journal.AppendAsync(call);

    /// <summary>Records the hosts of a call that was made before they were known.</summary>
    public void Called(string task, IReadOnlyList<string> hosts, string? item, int attempt, JobId job) =>
        journal.Append(new() { Kind = JournalEntryKind.Call, Task = task, Hosts = hosts, Item = item, Attempt = attempt, JobId = job });

    /// <summary>Records the items of a cell.</summary>
    public void Expanded(string task, string? host, IReadOnlyList<string> keys) => journal.Append(new() { Kind = JournalEntryKind.Expanded, Task = task, Host = host, Items = keys });

    public void Ended(JournalEntry end) => journal.Append(end);

    public void Answered(string task, int guard, string? refusal) => journal.Append(new() { Kind = JournalEntryKind.Guard, Task = task, Attempt = guard, Reason = JournalEntrySize.Cut(refusal) });

    /// <summary>Records the end of the run.</summary>
    public async Task OverAsync(Report report)
    {
        await journal.AppendAsync(new()
        {
            Kind = JournalEntryKind.Over,
            Status = report.Outcome switch
            {
                PlanOutcome.Succeeded => "succeeded",
                PlanOutcome.Cancelled => "cancelled",
                PlanOutcome.TimedOut => "timed_out",
                _ => "failed",
            },
            EndedAt = report.StartedAt + report.Duration,
            Owed = Steps.After(report, Id),
        }).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await letting.DisposeAsync().ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);
        await listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ended.Dispose();
        cancelled.Dispose();
    }

    // While the stream is open, the controllers hear the run.
    private async Task ListenAsync(OsapiClient client, RunId runner)
    {
        await foreach (var signal in client.Run.ListenAsync(Id, runner, ended.Token).ConfigureAwait(false))
            if (signal.Kind == RunSignalKind.Cancel)
                await cancelled.CancelAsync().ConfigureAwait(false);
    }
}
