using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Operations;
using Osapi.Orchestrator.Execution;

namespace Osapi.Orchestrator.Engine;

// Requests that are made for each cell, and conditions that each cell asks about its own result.
internal sealed partial class PlanRun
{
    // Cells with equal requests are one call. The first is returned; the others are queued behind it, in the order of their first cells.
    private HostsCall? FirstOfGroups(PlanTask task, int[] cells)
    {
        Dictionary<string, int> groupOf = [];
        List<(object Request, List<int> Cells)> groups = [];
        foreach (var index in cells)
        {
            if (!TryMakeRequest(task, index, out var request))
                continue;
            if (groups is not [.., { Request: var last }] || !ReferenceEquals(last, request))
            {
                // A hash, because the requests of a thousand hosts may hold as many large texts.
                var key = KeyOf(task.Operation!, request);
                if (groupOf.TryGetValue(key, out var known))
                {
                    groups[known].Cells.Add(index);
                    continue;
                }

                groupOf.Add(key, groups.Count);
                groups.Add((request, []));
            }

            groups[^1].Cells.Add(index);
        }

        HostsCall? first = null;
        foreach (var (request, group) in groups)
            if (first is null)
                first = MakeCall(task, [.. group], request);
            else
                Queue(MakeCall(task, [.. group], request));
        return first;
    }

    private static string KeyOf(Operation operation, object request)
    {
        if (request is not ItemRequests items)
            return Convert.ToHexString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(request, operation.RequestInfo)));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        items.AddTo(hash, operation);
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    // A cell whose request cannot be made, or is wrong, ends here.
    private bool TryMakeRequest(PlanTask task, int index, [NotNullWhen(true)] out object? request)
    {
        request = null;
        var host = RequestHost(task, index);
        try
        {
            request = task.RequestFactory!(ResultsFor(task, host), host >= 0 ? table.NameOf(host) : null);
            var body = (OperationBody)task.Body;
            if ((request is ItemRequests made ? made.ProblemOf(body) : body.ProblemOf(request)) is { } problem)
                FailUnstarted(task, index, new TaskFailedException(problem));
            else if (request is not null)
                return request is not ItemRequests expanded || TryExpand(task, index, expanded);
        }
        catch (Exception exception)
        {
            FailUnstarted(task, index, exception);
        }

        return false;
    }

    // The request of a task that takes any host is made before the host is known, and is the same one when it goes on with its host after a resume.
    private int RequestHost(PlanTask task, int index) => task.Target?.Kind == TargetKind.Any && !rows[task.Index].Is(RowFlags.Resolved) ? -1 : table[index].Host;

    /// <summary>Returns the results as a cell on a host sees them; as a whole while the host is not known.</summary>
    private Results ResultsFor(PlanTask task, int host) => host < 0 ? ResultsFor(task.Index) : new(graph, results, task.Index, other => HostView(other, host));

    // A guard or a request failed. In a check it may need what only a run knows: then it is not known what the cell would do.
    private void FailUnstarted(PlanTask task, int index, Exception error)
    {
        if (error is not NotKnownInCheckException || Plan.Invoker is not DryRunInvoker check)
        {
            EndCell(task.Index, index, Status.Failed, error);
            return;
        }

        ref var cell = ref table[index];
        var host = cell.Host >= 0 ? table.NameOf(cell.Host) : null;
        check.AddUnknown(task, host);
        cell.StartedAt = cell.EndedAt = Clock.GetTimestamp();
        cell.Attempts = 1;
        if (task.RunsOnHosts)
            cell.Last = new(new() { Hostname = host ?? "", Outcome = Outcome.Ok, Check = new() { Changed = null, Reason = error.Message } });
        EndCell(task.Index, index, Status.Changed, error.Message, CellFlags.Started | CellFlags.Changed);
    }

    private static Result ResultOfCheck(string reason)
    {
        var reply = OperationReply.OfCheck(new() { Changed = null, Reason = reason });
        return new() { Changed = true, IsCheck = true, Data = JsonObject.Create(reply.Document) };
    }

    /// <summary>Returns a reply as the task's own conditions judge it; unchanged where there is no result to judge.</summary>
    private HostAttempt ApplyConditions(CellCall call, int host, HostAttempt attempt)
    {
        var reply = attempt.Reply;
        OwnConditions conditions = new(call.Task, call.Item?.Item);
        if (!conditions.Any || reply.Check is not null || !(reply.Outcome == Outcome.Ok || reply is { Outcome: Outcome.Failed, Result: not null }))
            return attempt;
        var isFailed = reply.Outcome == Outcome.Failed;
        var status = isFailed ? Status.Failed : reply.Changed ? Status.Changed : Status.Unchanged;
        HostResult result = new() { Hostname = reply.Hostname, Changed = reply.Changed, Error = reply.Error, Outcome = reply.Outcome, ErrorType = reply.ErrorType, Reply = reply, DecidedStatus = status };
        Result own = new()
        {
            Changed = reply.Changed,
            Status = status,
            Error = isFailed ? new TaskFailedException(reply.Error ?? "failed") : null,
            HostResults = [result],
            Data = HostAttempt.DataOf(reply),
            JobId = attempt.JobId,
        };
        var (error, changed) = conditions.Ask(ResultsFor(call.Task, host), own);
        return error is null
            ? attempt with { Reply = reply with { Outcome = Outcome.Ok, Changed = changed, Error = null, ErrorType = null }, Error = null }
            : attempt with { Reply = reply with { Outcome = Outcome.Failed, Changed = changed, Error = error.Message, ErrorType = TypeOf(error, reply) } };
    }

    // A condition that cannot be asked fails in the same way the next time.
    private static ErrorType? TypeOf(Exception error, HostReply reply) => error is TaskFailedException ? reply.ErrorType : ErrorType.Invalid;
}
