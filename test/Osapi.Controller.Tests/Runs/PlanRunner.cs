using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Runs;

namespace Osapi.Controller.Tests.Runs;

/// <summary>A runner of plans as a controller sees it: it starts a run, listens to its signals, and appends to its journal.</summary>
internal sealed class PlanRunner(Uri url, string token) : IDisposable
{
    private readonly CancellationTokenSource listening = new();
    private Task? stream;

    public OsapiClient Client { get; } = new(url, token);

    public RunId Id { get; set; } = RunId.New();

    public RunId Runner { get; set; } = RunId.New();

    /// <summary>The position of the journal's last message.</summary>
    public long Position { get; set; }

    /// <summary>The signals that it has received.</summary>
    public List<RunSignal> Signals { get; } = [];

    public static string Digest(char letter = 'a') => new(letter, 64);

    public static RunTask Task(string name, params IReadOnlyList<string> reactsTo) => new(name, Digest()) { Operation = "command.exec.execute", ReactsTo = reactsTo };

    /// <summary>The tasks of the plan that most tests run: one that changes, and one that reacts.</summary>
    public static IReadOnlyList<RunTask> Tasks => [Task("config"), Task("restart", "config")];

    public static JournalEntry Ended(string task, string? host, string status) => new() { Kind = JournalEntryKind.Ended, Task = task, Host = host, Status = status, Changed = status == "changed" ? true : null, Attempt = 1 };

    public static JournalEntry Call(string task, JobId job, params IReadOnlyList<string> hosts) => new() { Kind = JournalEntryKind.Call, Task = task, Hosts = hosts, JobId = job, Attempt = 1 };

    public static JournalEntry Resolved(string task, params IReadOnlyList<string> hosts) => new() { Kind = JournalEntryKind.Resolved, Task = task, Hosts = hosts };

    public static JournalEntry Over(string status, params IReadOnlyList<OwedStep> owed) => new() { Kind = JournalEntryKind.Over, Status = status, Owed = owed };

    public async Task<RunStarted> StartAsync(string plan, CancellationToken token, Func<StartRun, StartRun>? with = null)
    {
        StartRun request = new() { Id = Id, Plan = plan, Hash = Digest(), Runner = Runner, Tasks = Tasks };
        var started = await Client.Run.StartAsync(with?.Invoke(request) ?? request, cancellationToken: token);
        Position = started.Position;
        return started;
    }

    public async Task AppendAsync(CancellationToken token, params IReadOnlyList<JournalEntry> entries) =>
        Position = (await Client.Run.AppendAsync(Batch(entries), cancellationToken: token)).Position;

    public AppendJournal Batch(params IReadOnlyList<JournalEntry> entries) => new() { Id = Id, Runner = Runner, After = Position, Batch = RunId.New(), Entries = entries };

    /// <summary>Makes this the runner of a run.</summary>
    public async Task<RunTakenOver> TakeOverAsync(RunId id, CancellationToken token, bool force = false, bool wait = false)
    {
        var taken = await Client.Run.TakeOverAsync(new() { Id = id, Runner = Runner, Force = force ? true : null, Wait = wait ? true : null }, cancellationToken: token);
        (Id, Position) = (id, taken.Position);
        return taken;
    }

    /// <summary>Opens the stream of signals; completes when it is open.</summary>
    public async Task ListenAsync(CancellationToken token)
    {
        var stopped = CancellationTokenSource.CreateLinkedTokenSource(token, listening.Token);
        stream = Run();
        // The status shows it as soon as the controller has it: what comes after waits for it.
        while ((await Client.Run.GetAsync(Id, cancellationToken: token)).Status == RunStatus.Interrupted)
            await System.Threading.Tasks.Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, token);

        async Task Run()
        {
            using (stopped)
                try
                {
                    await foreach (var signal in Client.Run.ListenAsync(Id, Runner, stopped.Token))
                        lock (Signals)
                            Signals.Add(signal);
                }
                catch (OperationCanceledException)
                {
                    // It is closed.
                }
        }
    }

    /// <summary>Waits until the stream has ended, and gets its signals.</summary>
    public async Task<IReadOnlyList<RunSignal>> EndOfSignalsAsync(CancellationToken token)
    {
        await stream!.WaitAsync(token);
        return Signals;
    }

    /// <summary>Waits for the first signal.</summary>
    public async Task<RunSignal> FirstSignalAsync(CancellationToken token)
    {
        while (true)
        {
            lock (Signals)
                if (Signals.Count > 0)
                    return Signals[0];
            await System.Threading.Tasks.Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, token);
        }
    }

    /// <summary>Dies, as far as a controller can see.</summary>
    public async Task DieAsync()
    {
        await listening.CancelAsync();
        if (stream is not null)
            await stream;
    }

    public void Dispose()
    {
        listening.Cancel();
        listening.Dispose();
        Client.Dispose();
    }
}
