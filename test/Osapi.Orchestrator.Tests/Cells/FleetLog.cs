using System.Collections.Concurrent;
using Osapi.Operations;

namespace Osapi.Orchestrator.Tests.Cells;

/// <summary>One attempt of a cell, as the fleet saw it.</summary>
internal sealed record FleetAttempt(FleetTask Task, int Column, int Host, int Number, JobId Job, long StartTime, int StartOrder)
{
    public long EndTime { get; set; } = -1;

    public int EndOrder { get; set; } = -1;

    public ScriptedReply Reply { get; set; }

    public bool Changed { get; set; }

    /// <summary>True when the host expired and did not answer a sign of life.</summary>
    public bool IsUnreachable { get; set; }

    /// <summary>True when the engine cancelled the call before the host had ended.</summary>
    public bool IsCancelled { get; set; }

    /// <summary>True when the engine cancelled the call, so that it learned of the end a moment later.</summary>
    public bool IsLate { get; set; }

    public bool HasEnded => EndOrder >= 0;

    public override string ToString() =>
        $"t{Task.Id} on h{Host} #{Number}: {StartTime} ({StartOrder}) to {EndTime} ({EndOrder}) {Reply}{(Changed ? " changed" : "")}{(IsUnreachable ? " unreachable" : "")}{(IsCancelled ? " cancelled" : "")}{(IsLate ? " late" : "")}";
}

/// <summary>The record of all attempts of a run, which finds at once what must never happen.</summary>
internal sealed class FleetLog(FleetPlan plan)
{
    /// <summary>The column of a function and of a task on any host.</summary>
    public const int Single = -1;

    private readonly Lock gate = new();
    private readonly Dictionary<(int Task, int Column), List<FleetAttempt>> cells = [];
    private readonly ConcurrentQueue<string> violations = [];
    private int order;
    private int inFlight;

    public int MostInFlight { get; private set; }

    public int Jobs { get; private set; }

    public bool NothingIsLeftRunning => inFlight == 0;

    public ConcurrentDictionary<(int Task, int Host), int> GuardCalls { get; } = [];

    public ConcurrentDictionary<(int Task, int Host), int> RequestCalls { get; } = [];

    public IEnumerable<string> Violations => violations;

    public IReadOnlyList<FleetAttempt> this[int task, int column] => cells.GetValueOrDefault((task, column)) ?? [];

    /// <summary>The calls that the controller did not send to the host, because the host is drained. They are no attempts.</summary>
    public List<FleetAttempt> Refusals { get; } = [];

    public IEnumerable<FleetAttempt> All => cells.Values.SelectMany(attempts => attempts);

    /// <summary>Determines whether the engine knew the end of one attempt when another began.</summary>
    public static bool IsKnown(FleetAttempt attempt, FleetAttempt at) =>
        attempt.EndOrder < at.StartOrder && !(attempt.IsLate && attempt.EndTime == at.StartTime);

    public IReadOnlyList<FleetAttempt> Start(FleetTask task, IEnumerable<int> hosts, JobId job, long now)
    {
        lock (gate)
        {
            Jobs++;
            MostInFlight = Math.Max(MostInFlight, ++inFlight);
            order++;
            return [.. hosts.Select(host => Start(task, task.IsSingle ? Single : host, host, job, now))];
        }
    }

    public FleetAttempt? Refusal(int task, int column) => Refusals.Find(refusal => refusal.Task.Id == task && refusal.Column == column);

    public IReadOnlyList<FleetAttempt> Refuse(FleetTask task, IEnumerable<int> hosts, JobId job, long now)
    {
        lock (gate)
        {
            FleetAttempt[] refused = [.. hosts.Select(host => new FleetAttempt(task, task.IsSingle ? Single : host, host, Number: 0, job, now, order))];
            Refusals.AddRange(refused);
            return refused;
        }
    }

    public void End(FleetAttempt attempt, ScriptedReply reply, bool changed, bool cancelled, long now)
    {
        lock (gate)
        {
            if (attempt.HasEnded)
                return;
            (attempt.EndTime, attempt.EndOrder, attempt.Reply, attempt.Changed, attempt.IsCancelled) = (now, ++order, reply, changed, cancelled);
        }
    }

    public void EndJob() => Interlocked.Decrement(ref inFlight);

    public void Report(string violation) => violations.Enqueue(violation);

    public override string ToString() => string.Join("\n", All.Concat(Refusals).OrderBy(attempt => attempt.StartOrder).Take(100));

    private FleetAttempt Start(FleetTask task, int column, int host, JobId job, long now)
    {
        if (!cells.TryGetValue((task.Id, column), out var attempts))
            cells[(task.Id, column)] = attempts = [];
        FleetAttempt attempt = new(task, column, host, attempts.Count + 1, job, now, order);
        if (attempts.LastOrDefault() is { } last)
        {
            if (!last.HasEnded)
                violations.Enqueue($"t{task.Id} was sent to h{host} while it still ran there");
            else if (last.IsCancelled || !FleetScript.IsRetryable(task, last.Reply))
                violations.Enqueue($"t{task.Id} was sent to h{host} again after {last.Reply}{(last.IsCancelled ? " (cancelled)" : "")}");
            if (attempts.Count > task.Retries)
                violations.Enqueue($"t{task.Id} was sent to h{host} {attempts.Count + 1} times, with {task.Retries} retries");
        }

        if (!plan.IsOld && plan.Drained.Contains(host))
            violations.Enqueue($"t{task.Id} was sent to h{host}, which is drained");
        attempts.Add(attempt);
        return attempt;
    }
}
