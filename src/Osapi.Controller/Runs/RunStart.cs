using System.Security.Claims;
using Osapi.Controller.Runs.Detached;
using Osapi.Controller.Runs.ReadModel;
using Osapi.Controller.Runs.Runners;
using Osapi.Operations;
using Osapi.Operations.Runs;
using Osapi.Transport;
using Osapi.Transport.Runs;

namespace Osapi.Controller.Runs;

/// <summary>Starts runs. The runs of a plan are in the order of the messages on its subject, each of which names the run that holds the name.</summary>
/// <remarks>
/// The message of the plan is the start itself, written before it: where the store does not append both at once, whoever finds the plan held by a
/// run without a start writes that start.
/// </remarks>
internal sealed class RunStart(ITransport transport, RunJournals journals, RunIndex index, RunFollower follower, RunnerPresence presence, RunSuperseding superseding, OwedHosts hosts, HandOver handOver)
{
    /// <summary>The age up to which an owed step is given to a run.</summary>
    public static readonly TimeSpan MaxOwedAge = TimeSpan.FromDays(30);

    private const int MaxAttempts = 100;

    public async Task<RunStarted> StartAsync(StartRun request, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        RunRules.Check(request);
        var caller = user.FindFirst("sub")?.Value ?? "";
        if (request.Detached is { } given)
            handOver.Check(given, request.Tasks, request.Files.Count > 0, user);
        if (await journals.FindAsync(request.Id, cancellationToken) is { } existing)
            return Same(existing, request, caller);
        // The tombstone of a removed run.
        if (await transport.LastAsync(StreamName.Runs, RunSubjects.Journal(request.Id), cancellationToken) is not null)
            throw Taken(request.Id);
        return request.Detached is { } inputs
            ? await handOver.StoreAsync(request.Id, inputs, user, (detached, _) => RecordAsync(request, caller, detached, cancellationToken), cancellationToken)
            : await RecordAsync(request, caller, detached: null, cancellationToken);
    }

    private async Task<RunStarted> RecordAsync(StartRun request, string caller, DetachedHead? detached, CancellationToken cancellationToken)
    {
        var (key, content) = ContentPart.Split(request.Id, new() { Tasks = request.Tasks, Files = request.Files, Values = request.Values });
        await transport.AppendAsync(content, cancellationToken);
        RunHead head = new()
        {
            Id = request.Id,
            Plan = request.Plan,
            Caller = caller,
            Runner = request.Runner,
            Hash = request.Hash,
            TaskCount = request.Tasks.Count,
            Content = key,
            Concurrent = request.Concurrent is true ? true : null,
            Detached = detached,
        };
        if (request.Concurrent is true)
            return await BeginAsync(StartOf(head), request, caller, cancellationToken);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
            if (await TryHoldAsync(request, head, caller, cancellationToken) is { } started)
                return started;
        throw new TransportException($"too many runs of plan '{request.Plan}' start at once");
    }

    /// <summary>Gets the holder of a plan's name, with its position; null when there is none. A start that was not completed is completed.</summary>
    public async Task<(long Position, JournalState? Run)> HolderAsync(string plan, CancellationToken cancellationToken)
    {
        if (await transport.LastAsync(StreamName.Runs, RunSubjects.Plan(plan), cancellationToken) is not { } last)
            return (0, null);
        if (last.Rejection is not null || RunJson.Unpack(last.Payload.Span, RunJson.Stored.PlanLock) is not { Start: { Head: { } head } start } || head.Plan != plan)
            return (last.Sequence, null);
        if (await journals.FindAsync(head.Id, cancellationToken) is { } run)
            return (last.Sequence, run);
        await AppendStartAsync(start, cancellationToken);
        return (last.Sequence, await journals.FindAsync(head.Id, cancellationToken));
    }

    /// <summary>Creates the message that makes a run the holder of its plan's name.</summary>
    public static Append Hold(RunMessage start, long after) =>
        new(StreamName.Runs, RunSubjects.Plan(start.Head!.Plan), RunJson.Pack(new PlanLock(start), RunJson.Stored.PlanLock), after);

    // Null when it must be tried again.
    private async Task<RunStarted?> TryHoldAsync(StartRun request, RunHead head, string caller, CancellationToken cancellationToken)
    {
        var (after, holder) = await HolderAsync(request.Plan, cancellationToken);
        if (holder?.Id == request.Id)
            return Same(holder, request, caller);
        if (holder is { IsOver: false })
        {
            // A controller will go on with a run that was handed over.
            if (holder.Head.Detached is not null || await presence.FindOutAsync(holder, isPatient: false, cancellationToken))
                throw RunConflict.GoesOn(holder, request.Plan);
            if (await superseding.TrySupersedeAsync(holder, request.Id, cancellationToken) is not { } superseded)
                return null;
            holder = superseded;
        }

        // What is owed is known up to the last change of the holder; what other runs add meanwhile is for the next one.
        await follower.ReachAsync(Math.Max(after, holder?.Position ?? 0), cancellationToken);
        var owed = index.Owed(request.Plan).Where(step => step.TakenBy is null).ToList();
        var forgets = request.ForgetOwed is true;
        var start = StartOf(head with { Superseded = holder?.SupersededBy == request.Id ? holder.Id : null }) with
        {
            Taken = forgets ? [] : [.. owed.Where(step => transport.ServerNow - step.Since < MaxOwedAge)],
            Forgotten = forgets ? owed : [],
        };
        var result = await transport.AppendAsync([Hold(start, after), new(StreamName.Runs, RunSubjects.Journal(request.Id), Bytes(start), 0)], cancellationToken);
        if (!result.Appended)
            return null;
        await PurgeAsync(request.Plan, after, cancellationToken);
        return await StartedAsync(request.Id, start, result.Sequence, cancellationToken);
    }

    private async Task<RunStarted> BeginAsync(RunMessage start, StartRun request, string caller, CancellationToken cancellationToken)
    {
        var result = await AppendStartAsync(start, cancellationToken);
        return result.Appended ? await StartedAsync(request.Id, start, result.Sequence, cancellationToken)
            : await journals.FindAsync(request.Id, cancellationToken) is { } existing ? Same(existing, request, caller)
            : throw Taken(request.Id);
    }

    private Task<AppendResult> AppendStartAsync(RunMessage start, CancellationToken cancellationToken) =>
        transport.AppendAsync([new(StreamName.Runs, RunSubjects.Journal(start.Head!.Id), Bytes(start), 0)], cancellationToken);

    // Earlier messages of the plan say nothing any more.
    private async Task PurgeAsync(string plan, long after, CancellationToken cancellationToken)
    {
        if (after == 0)
            return;
        try
        {
            await transport.PurgeAsync(StreamName.Runs, RunSubjects.Plan(plan), after + 1, cancellationToken);
        }
        catch (TransportException)
        {
            // The next start removes them.
        }
    }

    // A caller that is told that the run has started finds it.
    private async Task<RunStarted> StartedAsync(RunId id, RunMessage start, long position, CancellationToken cancellationToken)
    {
        await follower.ReachAsync(position, cancellationToken);
        return new() { Id = id, Position = position, Owed = [.. start.Taken.Select(hosts.Checked)], Superseded = start.Head!.Superseded };
    }

    private RunStarted Same(JournalState existing, StartRun request, string caller)
    {
        if (existing.Caller != caller || existing.Head.Plan != request.Plan || existing.Head.Hash != request.Hash)
            throw Taken(request.Id);
        // A controller may have taken over what was handed over.
        return existing is { IsOver: false } && (existing.Head.Runner == request.Runner || (request.Detached is not null && existing.Head.Detached is not null))
            ? new() { Id = existing.Id, Position = existing.Position, Owed = [.. index.TakenBy(existing.Id).Select(hosts.Checked)], Superseded = existing.Head.Superseded }
            : throw RunConflict.Replaced(existing);
    }

    private static OperationException Taken(RunId id) => new(ErrorType.Conflict, $"run {id} already exists with another plan, or of another caller, or existed");

    private static RunMessage StartOf(RunHead head) => new() { Head = head, Runner = head.Runner, Entries = [head.Detached is null ? new() { Kind = JournalEntryKind.Started } : HandOver.Started] };

    private static byte[] Bytes(RunMessage message) => RunJson.Pack(message, RunJson.Stored.RunMessage);
}
