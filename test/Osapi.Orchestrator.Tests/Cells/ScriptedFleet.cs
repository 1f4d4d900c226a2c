using System.Collections.Concurrent;
using Osapi.Operations;
using Osapi.Operations.Targets;

namespace Osapi.Orchestrator.Tests.Cells;

/// <summary>
/// A fleet that resolves targets and answers calls from a script: one line for a task and host, such as <c>failed changed 5</c> with
/// a result of five bytes, per attempt; <c>ok</c> when there is none.
/// </summary>
internal sealed class ScriptedFleet(params IReadOnlyList<string> hosts) : IOperationInvoker
{
    private readonly ConcurrentDictionary<(string Task, string Host), Queue<string>> script = [];
    private readonly ConcurrentQueue<string> calls = [];

    /// <summary>The calls so far: the task and the hosts.</summary>
    public IReadOnlyList<string> Calls => [.. calls];

    public HashSet<string> Drained { get; } = [];

    /// <summary>Lets time pass on a host before it answers.</summary>
    public Func<string, string, CancellationToken, Task>? Latency { get; init; }

    /// <summary>The clock of <see cref="Latency"/>, which must know how many hosts wait.</summary>
    public VirtualTime? Time { get; init; }

    /// <summary>True when each host is told as soon as it has ended.</summary>
    public bool Streams { get; init; }

    public ScriptedFleet Script(string task, string host, params IEnumerable<string> attempts)
    {
        script[(task, host)] = new(attempts);
        return this;
    }

    public async Task<OperationReply> SendAsync(Operation operation, object request, Target? target, CallOptions? options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (request is ResolveTarget resolve)
            return Resolved(resolve);
        var task = ((TestOperations.WriteFile)request).Path;
        var count = ((TestOperations.WriteFile)request).Count;
        calls.Enqueue($"{task} {target}{(count == 1 ? "" : $" #{count}")}");
        var id = options!.JobId!.Value;
        var called = HostsOf(target!.Text).ToList();
        var waiting = called.Count;
        Time?.Expect(waiting - 1);
        var replies = await Task.WhenAll(called.Select(AnswerAsync));
        return OperationReply.OfHosts(id, replies);

        async Task<HostReply> AnswerAsync(string host)
        {
            if (Latency is not null)
                await Latency(task, host, cancellationToken);
            var isLast = Interlocked.Decrement(ref waiting) == 0;
            if (!isLast)
                Time?.Expect(-1);
            if (!isLast && (!Streams || options.HostEnded is null))
                Time?.Resume();
            var words = (script.TryGetValue((task, host), out var attempts) && attempts.TryDequeue(out var line) ? line : "ok").Split(' ');
            var reply = new HostReply
            {
                Hostname = host,
                Outcome = Enum.Parse<Outcome>(words[0], ignoreCase: true),
                Changed = words.Contains("changed"),
                ErrorType = words.Contains("drained") ? ErrorType.Unavailable : null,
                Reachable = words.Contains("unreachable") ? false : null,
                Error = words[0] == "ok" ? null : $"{host} is {words[0]}",
                Result = words[0] == "ok" || words.Any(IsNumber) ? System.Text.Json.JsonElement.Parse($$"""{"bytes":{{words.FirstOrDefault(IsNumber) ?? "1"}}}""") : null,
                Check = options.Check ? new() { Changed = words.Contains("changed") } : null,
            };
            if (Streams)
                options.HostEnded?.Invoke(reply);
            return reply;
        }
    }

    private static bool IsNumber(string word) => word.All(char.IsAsciiDigit);

    private IEnumerable<string> HostsOf(string target) => target switch
    {
        "_any" => hosts.Take(1),
        "_all" => hosts,
        _ when target.Contains(':', StringComparison.Ordinal) => [],
        _ => target.Split(','),
    };

    private OperationReply Resolved(ResolveTarget request)
    {
        var named = HostsOf(request.Target == "_any" ? "_all" : request.Target).Where(hosts.Contains).ToList();
        var problem = named.Count == 0 ? $",\"problem\":\"target {request.Target} matches no host\"" : "";
        var list = string.Join(",", named.Select(host => $$"""{"hostname":"{{host}}","drained":{{(Drained.Contains(host) ? "true" : "false")}}}"""));
        return new(System.Text.Json.JsonElement.Parse($"{{\"hosts\":[{list}]{problem}}}"));
    }
}

/// <summary>Shorthands for plans over a scripted fleet.</summary>
internal static class FleetPlans
{
    public static Plan Over(ScriptedFleet fleet, PlanOptions? options = null) => new(client: null, (options ?? new()) with { Invoker = fleet });

    public static PlanTask<JobReply<TestOperations.Written>> On(this Plan plan, string name, PlanTarget target) =>
        plan.Task(name, TestOperations.Write, target, new() { Path = name });

    /// <summary>Returns the statuses of a task's hosts: <c>web-01 failed, web-02 skipped: dependency failed</c>.</summary>
    public static string Cells(this Report report, string task) => string.Join(", ", report.Get(task)!.HostResults.Select(host =>
        $"{host.Hostname} {host.Status.ToText()}{(host.SkipReason is null ? "" : $": {host.SkipReason}")}{(host.IsExcused ? " (allowed)" : "")}"));
}
