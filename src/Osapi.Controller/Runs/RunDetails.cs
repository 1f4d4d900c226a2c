using Microsoft.AspNetCore.Http;
using Osapi.Controller.Auth;
using Osapi.Controller.Runs.ReadModel;
using Osapi.Controller.Runs.Runners;
using Osapi.Operations;
using Osapi.Operations.Runs;

namespace Osapi.Controller.Runs;

/// <summary>Converts runs for callers.</summary>
internal sealed class RunDetails(RunIndex index, RunnerPresence presence, OwedHosts hosts)
{
    /// <summary>True when a caller may see the files and the values of a run, and the results in its journal.</summary>
    public static bool MaySeeContent(HttpContext context, JournalState run) =>
        context.User.FindFirst("sub")?.Value == run.Caller || (OperationCatalog.Default.TryFind("command.exec.execute", out var commands) && Roles.Permit(context.User, commands.Permission!));

    /// <summary>Gets the status of a run.</summary>
    public RunStatus StatusOf(JournalState run) => run.Outcome ?? (run.Head.Detached is { Waiting: true } ? RunStatus.Waiting : presence.IsHeard(run) ? RunStatus.Running : RunStatus.Interrupted);

    /// <summary>Converts a run for a list.</summary>
    public RunSummary Of(JournalState run) => new()
    {
        Id = run.Id,
        Plan = run.Head.Plan,
        Status = StatusOf(run),
        Caller = run.Caller,
        Started = run.Started,
        Ended = run.Ended,
        TaskCount = run.Head.TaskCount,
        Detached = run.Head.Detached is null ? null : true,
        Controller = run.Head.Detached?.Controller,
    };

    /// <summary>Converts a run.</summary>
    public RunDetail Of(JournalState run, HttpContext context)
    {
        var content = index.ContentOf(run);
        var maySee = MaySeeContent(context, run);
        return new()
        {
            Id = run.Id,
            Plan = run.Head.Plan,
            Status = StatusOf(run),
            Caller = run.Caller,
            Started = run.Started,
            Ended = run.Ended,
            TaskCount = run.Head.TaskCount,
            Detached = run.Head.Detached is null ? null : true,
            Controller = run.Head.Detached?.Controller,
            Hash = run.Head.Hash,
            Position = run.Position,
            Tasks = content?.Tasks ?? [],
            Files = maySee ? content?.Files : null,
            Values = maySee ? content?.Values : null,
            Cells = index.CellsOf(run),
            Taken = [.. index.TakenBy(run.Id).Select(step => hosts.Checked(step) with { TakenBy = null })],
            Owed = run.IsOver ? index.OwedAfter(run.Id) : [],
            CancelRequestedBy = run.IsOver ? null : index.WishOf(run.Id),
            SupersededBy = run.SupersededBy,
        };
    }
}
