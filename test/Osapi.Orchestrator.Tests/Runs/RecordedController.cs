using System.Text.Json;
using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Jobs;
using Osapi.Operations.Runs;
using Osapi.Operations.Targets;

namespace Osapi.Orchestrator.Tests.Runs;

/// <summary>A controller in memory that outlives the runners: it keeps jobs, counts what its hosts did, and keeps the journal of one run.</summary>
internal sealed class RecordedController(int seed)
{
    private readonly Lock gate = new();
    private readonly Random random = new(seed);
    private readonly Dictionary<JobId, JobDetail> jobs = [];
    private readonly Dictionary<JobId, int> endsIn = [];
    private readonly List<JournalBatch> journal = [];
    private readonly Dictionary<string, int> anyJobs = [];
    private StartRun? started;
    private RunId? runner;
    private string? batch;
    private DateTimeOffset? ended;
    private DateTimeOffset? jobsSince;

    public static IReadOnlyList<string> Hosts { get; } = ["h1", "h2", "h3"];

    /// <summary>The steps that the next run gets.</summary>
    public IReadOnlyList<OwedStep> Owed { get; set; } = [];

    /// <summary>How a task ends on a host: by the path in its request, which names the task, and the number of the time that it is done there.</summary>
    public required Func<string, string, int, Outcome> Outcome { get; init; }

    public required Func<string, string, int, bool> Changes { get; init; }

    /// <summary>Makes it look as if the run had ended.</summary>
    public void End() => ended = DateTimeOffset.UnixEpoch;

    /// <summary>Removes all jobs, as if those were kept that were accepted since a time.</summary>
    public void RemoveJobs(DateTimeOffset since)
    {
        lock (gate)
        {
            jobs.Clear();
            jobsSince = since;
        }
    }

    /// <summary>Gives an id to a job of somebody else, which succeeded.</summary>
    public void Take(JobId id)
    {
        lock (gate)
            jobs[id] = new() { Id = id, Target = Hosts[0], Operation = new(TestOperations.Read.Id), Status = JobStatus.Completed, Responses = new Dictionary<string, JobResponse> { [Hosts[0]] = new() { Hostname = Hosts[0], Status = "completed", Outcome = Osapi.Operations.Outcome.Ok, Data = JsonElement.Parse("""{"bytes":1}""") } } };
    }

    /// <summary>How often each task was done on each host.</summary>
    public Dictionary<(string Task, string Host), int> Done { get; } = [];

    public IReadOnlyList<JournalBatch> Journal
    {
        get
        {
            lock (gate)
                return [.. journal];
        }
    }

    public object Answer(Operation operation, object request, Target? target, CallOptions? options)
    {
        lock (gate)
        {
            Pass();
            return request switch
            {
                ResolveTarget resolve => new ResolvedTarget { Hosts = [.. HostsOf(resolve.Target).Select(host => new ResolvedHost(host))] },
                StartRun start => Start(start),
                TakeOverRun takeover => TakeOver(takeover),
                AppendJournal append => Append(append),
                ReadJournal read => new JournalPage { Items = [.. journal.Where(one => one.Position > (read.After ?? 0)).Take(3)], NextAfter = journal.Count > (read.After ?? 0) + 3 ? (read.After ?? 0) + 3 : null },
                GetRun => Detail(),
                GetJob get => jobs.TryGetValue(get.Id, out var job) ? job : throw new NotFoundException("there is no such job"),
                CancelJob cancel => jobs.TryGetValue(cancel.Id, out var job) ? job : throw new NotFoundException("there is no such job"),
                TestOperations.WriteFile write => Submit(operation, write, target!, options!),
                _ => throw new InvalidOperationException($"the controller does not know {operation.Id}"),
            };
        }
    }

    /// <summary>True when a job has ended.</summary>
    public bool HasEnded(JobId id)
    {
        lock (gate)
        {
            Pass();
            return !jobs.TryGetValue(id, out var job) || job.Status == JobStatus.Completed;
        }
    }

    public JobDetail? Job(JobId id)
    {
        lock (gate)
            return jobs.GetValueOrDefault(id);
    }

    // Jobs end while other things happen.
    private void Pass()
    {
        foreach (var id in endsIn.Keys.ToList())
            if (--endsIn[id] <= 0)
            {
                endsIn.Remove(id);
                jobs[id] = jobs[id] with { Status = JobStatus.Completed };
            }
    }

    private static IReadOnlyList<string> HostsOf(string target) => target is "_all" ? Hosts : target is "_any" ? [Hosts[^1]] : target.Split(',');

    private RunStarted Start(StartRun start)
    {
        started = start;
        runner = start.Runner;
        journal.Add(new() { Position = 1, Runner = runner, Entries = [new() { Kind = JournalEntryKind.Started }] });
        return new() { Id = start.Id, Position = 1, Owed = Owed };
    }

    private RunTakenOver TakeOver(TakeOverRun takeover)
    {
        (runner, ended) = (takeover.Runner, null);
        return new() { Position = Add([new() { Kind = JournalEntryKind.Takeover }]), JobsSince = jobsSince, Run = Detail() };
    }

    private JournalPosition Append(AppendJournal append)
    {
        if (append.Batch.Value == batch)
            return new(journal.Count);
        if (append.Runner != runner || append.After != journal.Count)
            throw new ConflictException("another runner has taken over");
        batch = append.Batch.Value;
        return new(Add(append.Entries));
    }

    private long Add(IReadOnlyList<JournalEntry> entries)
    {
        journal.Add(new() { Position = journal.Count + 1, Timestamp = DateTimeOffset.UnixEpoch, Runner = runner, Entries = entries });
        return journal.Count;
    }

    private RunDetail Detail() => new() { Id = started!.Id, Plan = started.Plan, Hash = started.Hash, Tasks = started.Tasks, Taken = Owed, Ended = ended };

    // The same id is the same job: nothing is done twice for it.
    private JobDetail Submit(Operation operation, TestOperations.WriteFile write, Target target, CallOptions options)
    {
        var id = options.JobId!.Value;
        if (jobs.TryGetValue(id, out var known))
            return known;
        Dictionary<string, JobResponse> responses = [];
        // Each job of an _any task takes another host.
        var hosts = target.Kind == TargetKind.Hosts ? target.Hostnames : target.Kind == TargetKind.Any ? [Hosts[anyJobs[write.Path] = (anyJobs.GetValueOrDefault(write.Path) + 1) % Hosts.Count]] : HostsOf(target.Text);
        foreach (var host in hosts)
        {
            var times = Done[(write.Path, host)] = Done.GetValueOrDefault((write.Path, host)) + 1;
            var outcome = Outcome(write.Path, host, times);
            responses[host] = new()
            {
                Hostname = host,
                Status = outcome == Osapi.Operations.Outcome.Ok ? "completed" : "failed",
                Outcome = outcome,
                Changed = Changes(write.Path, host, times),
                Error = outcome == Osapi.Operations.Outcome.Ok ? null : "it failed",
                Data = outcome == Osapi.Operations.Outcome.Ok ? JsonElement.Parse("""{"bytes":1}""") : null,
            };
        }

        jobs[id] = new() { Id = id, Run = options.Run, Target = target.Text, Operation = new(operation.Id), Status = JobStatus.Processing, Responses = responses };
        endsIn[id] = random.Next(4);
        return jobs[id];
    }
}
