using System.Collections.Concurrent;
using System.Text.Json;
using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Jobs;
using Osapi.Operations.Targets;

namespace Osapi.Orchestrator.Tests.Cells;

/// <summary>An invoker that plays the fleet of a random plan on a clock that advances by itself.</summary>
internal sealed class FleetInvoker(FleetPlan plan, FleetLog log, VirtualTime time) : IOperationInvoker
{
    private readonly ConcurrentDictionary<JobId, IReadOnlyList<FleetAttempt>> jobs = [];

    public async Task<OperationReply> SendAsync(Operation operation, object request, Target? target, CallOptions? options, CancellationToken cancellationToken)
    {
        if (request is ResolveTarget resolve)
            return Resolve(Target.Parse(resolve.Target));
        if (request is GetJob get)
            return jobs.TryGetValue(get.Id, out var known) ? FleetReplies.Job(get.Id, known) : throw new NotFoundException("no such job");
        var task = plan[FleetPlan.Id(((TestOperations.WriteFile)request).Path)];
        foreach (var host in Hosts(task, target!))
            if (!plan.IsOld && ((TestOperations.WriteFile)request).Count != plan.Script.Request(task, task.IsSingle ? FleetLog.Single : host))
                log.Report($"h{host} got the request {((TestOperations.WriteFile)request).Count} of t{task.Id}");
        if (Hosts(task, target!) is [])
            throw new ValidationException($"target '{target}' matches no host");
        var job = options?.JobId ?? JobId.New();
        var start = time.Elapsed.Ticks;
        // One of any hosts is chosen by the controller itself.
        int[] drained = target!.Kind == TargetKind.Any ? [] : [.. Hosts(task, target).Where(host => plan.IsDrained(host, start))];
        var attempts = log.Start(task, Hosts(task, target).Except(drained), job, start);
        var refusals = log.Refuse(task, drained, job, start);
        jobs[job] = [.. attempts, .. refusals];
        try
        {
            return await AnswerAsync(target, job, attempts, refusals, options, start, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Cancel(attempts, start);
            foreach (var refusal in refusals)
                refusal.IsLate = true;
            Refuse(refusals);
            throw;
        }
        finally
        {
            log.EndJob();
        }
    }

    private async Task<OperationReply> AnswerAsync(
        Target target, JobId job, IReadOnlyList<FleetAttempt> attempts, IReadOnlyList<FleetAttempt> refusals, CallOptions? options, long start, CancellationToken cancellationToken)
    {
        var ended = attempts.OrderBy(attempt => Latency(attempt)).ToList();
        var hostEnded = plan.Streams ? options?.HostEnded : null;
        if (hostEnded is not null)
        {
            Refuse(refusals);
            foreach (var refusal in refusals)
                hostEnded(FleetReplies.Host(refusal));
        }

        foreach (var attempt in hostEnded is null ? ended.TakeLast(1) : ended)
        {
            await time.SleepAsync(attempt.Task.Id, TimeSpan.FromTicks(Math.Max(1, Latency(attempt) - (time.Elapsed.Ticks - start))), cancellationToken);
            if (hostEnded is null)
                break;
            End(attempt);
            hostEnded(FleetReplies.Host(attempt));
        }

        foreach (var attempt in attempts)
            End(attempt);
        Refuse(refusals);
        IReadOnlyList<HostReply> replies = [.. attempts.Concat(refusals).Select(attempt => FleetReplies.Host(attempt, plan.Check))];
        if (plan.Throws && target.Kind is TargetKind.Host or TargetKind.Any && attempts.Count > 0 && FleetScript.IsFailure(attempts[0].Reply))
            throw new ServerException(attempts[0].Reply == ScriptedReply.Expired ? 504 : 500, replies[0].Error!) { JobId = job, Hosts = replies };
        return OperationReply.OfHosts(job, replies);
    }

    private void End(FleetAttempt attempt)
    {
        var reply = plan.Drained.Contains(attempt.Host) ? ScriptedReply.Skipped : plan.Reply(attempt.Task, attempt.Column, attempt.Number);
        attempt.IsUnreachable = plan.Probes && reply == ScriptedReply.Expired && attempt.Task.Target != FleetTarget.Any && plan.Script.IsUnreachable(attempt.Task, attempt.Column, attempt.Number);
        log.End(attempt, reply, FleetScript.IsChange(reply), cancelled: false, time.Elapsed.Ticks);
    }

    private void Refuse(IReadOnlyList<FleetAttempt> refusals)
    {
        foreach (var refusal in refusals)
            log.End(refusal, ScriptedReply.Refused, changed: false, cancelled: false, time.Elapsed.Ticks);
    }

    // What a host had done by then, it has done. One that does not answer in time is still at work.
    private void Cancel(IReadOnlyList<FleetAttempt> attempts, long start)
    {
        foreach (var attempt in attempts)
            attempt.IsLate = true;
        foreach (var attempt in attempts)
            if (Latency(attempt) <= time.Elapsed.Ticks - start && plan.Script.Reply(attempt.Task, attempt.Column, attempt.Number) is not (ScriptedReply.Running or ScriptedReply.CancelledByOther))
                End(attempt);
            else
                log.End(attempt, ScriptedReply.CancelledByOther, plan.Script.ChangesWhenCancelled(attempt.Task, attempt.Column, attempt.Number), cancelled: true, time.Elapsed.Ticks);
    }

    private long Latency(FleetAttempt attempt) => plan.Script.Latency(attempt.Task, attempt.Column, attempt.Number);

    private int[] Hosts(FleetTask task, Target target)
    {
        if (target.Kind == TargetKind.Any)
            return [plan.Script.AnyHost(task, [.. plan.Hosts.Except(plan.Drained)])];
        if (target.Kind is TargetKind.Hosts or TargetKind.Host)
            return [.. target.Hostnames.Select(FleetPlan.Id)];
        // Only where nobody could say which hosts these are.
        if (!plan.IsOld)
            log.Report($"t{task.Id} was sent to {target} instead of a list of hosts");
        return FleetHosts(target);
    }

    private OperationReply Resolve(Target target)
    {
        if (plan.IsOld)
            throw new NotFoundException("there is no GET /target");
        var hosts = FleetHosts(target);
        ResolvedTarget resolved = new()
        {
            Hosts = [.. hosts.Select(host => new ResolvedHost(FleetPlan.Name(host), plan.Drained.Contains(host)))],
            Problem = hosts is [] ? $"target '{target}' matches no host" : null,
        };
        return new(JsonSerializer.SerializeToElement(resolved, TargetOperations.Resolve.Result));
    }

    private int[] FleetHosts(Target target) => target.Kind switch
    {
        TargetKind.Label when target.LabelKey == "group" => [.. plan.Hosts.Where(host => plan.Script.IsInGroup(host, FleetPlan.Id(target.LabelValue!)))],
        TargetKind.Host => [.. plan.Hosts.Where(host => FleetPlan.Name(host) == target.Text)],
        TargetKind.Label => [],
        _ => plan.Hosts,
    };
}
