using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Http;
using Osapi.Controller.Auth;
using Osapi.Controller.Runs.ReadModel;
using Osapi.Operations;
using Osapi.Operations.Agents;
using Osapi.Operations.Jobs;
using Osapi.Operations.Runs;

namespace Osapi.Controller.Runs.Detached;

/// <summary>Takes plans from callers to run them: checks that nothing is missing, that the caller may make every call, and stores the inputs.</summary>
internal sealed class HandOver(ControllerOptions options, RunIndex index, HandedOverInputs inputs)
{
    /// <summary>The maximum size of all texts of the inputs, in bytes.</summary>
    public const int MaxInputBytes = 128 * 1024;

    /// <summary>The maximum number of runs that wait for a controller.</summary>
    public const int MaxWaiting = 1000;

    private const int MaxNamed = 5;

    private const string WaitingStatus = "waiting";

    /// <summary>The first entry of a run that was handed over.</summary>
    public static JournalEntry Started { get; } = new() { Kind = JournalEntryKind.Started, Status = WaitingStatus };

    /// <summary>The entry of a run that goes to the controllers, or back to them.</summary>
    public static JournalEntry Takeover { get; } = new() { Kind = JournalEntryKind.Takeover, Status = WaitingStatus };

    /// <summary>Refuses what a controller could not run to its end.</summary>
    /// <param name="given">The inputs.</param>
    /// <param name="tasks">The tasks of the plan.</param>
    /// <param name="hasFiles">True when the record has the plan's files.</param>
    /// <param name="caller">The caller, whose permissions the run has.</param>
    /// <exception cref="OperationException">It is incomplete, too large, or one too many.</exception>
    /// <exception cref="BadHttpRequestException">The caller may not make all calls of the plan.</exception>
    public void Check(DetachedInputs given, IReadOnlyList<RunTask> tasks, bool hasFiles, ClaimsPrincipal caller)
    {
        if (options.RunDetached is null || options.HasOwnRunnersOnly)
            throw new OperationException(ErrorType.Conflict, "this system runs no plans for callers that have gone: it ends with the command that started it");
        if (!hasFiles)
            throw new OperationException(ErrorType.Invalid, "files: a controller needs the plan file to run a plan");
        if (tasks.Where(task => task.Operation is null).Select(task => task.Name).ToList() is { Count: > 0 } functions)
            throw new OperationException(ErrorType.Invalid, $"tasks: a controller runs operations only, and {Named(functions)} {(functions.Count == 1 ? "is a function" : "are functions")}");
        CheckSize(given);
        RequirePermissions(given, tasks, caller);
        if (index.Unfinished().Count(run => run.Head.Detached is { Waiting: true }) >= MaxWaiting)
            throw new OperationException(ErrorType.Conflict, $"{MaxWaiting} runs wait for a controller already; wait until some have begun, or cancel them");
    }

    /// <summary>Stores the inputs of a run while it is recorded, and removes them when that fails.</summary>
    /// <param name="id">The run.</param>
    /// <param name="given">Its inputs.</param>
    /// <param name="caller">The caller.</param>
    /// <param name="record">Records the run, with the facts that its head gets and the position of the inputs.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task<T> StoreAsync<T>(RunId id, DetachedInputs given, ClaimsPrincipal caller, Func<DetachedHead, long, Task<T>> record, CancellationToken cancellationToken)
    {
        var (key, position) = await inputs.StoreAsync(id, given, cancellationToken);
        try
        {
            return await record(new() { Grant = RunGrant.Of(caller), Key = key, Waiting = true }, position);
        }
        catch (Exception exception) when (exception is OperationException or BadHttpRequestException)
        {
            // Refused: nobody needs them. After any other failure the run may be there.
            await inputs.ForgetAsync(position, CancellationToken.None);
            throw;
        }
    }

    private static void CheckSize(DetachedInputs given)
    {
        var size = given.Secrets.Concat(given.Environment).Sum(pair => (long)Encoding.UTF8.GetByteCount(pair.Key) + Encoding.UTF8.GetByteCount(pair.Value ?? ""))
            + given.Uploads.Sum(file => (long)Encoding.UTF8.GetByteCount(file.Path)) + given.Rerun.Sum(cell => (long)Encoding.UTF8.GetByteCount(cell ?? ""));
        if (size > MaxInputBytes)
            throw new OperationException(ErrorType.Invalid, $"detached: secrets, environment and paths have {size} bytes, and may have {MaxInputBytes}");
    }

    // All that are missing at once. A runner itself reads the run and its jobs.
    private static void RequirePermissions(DetachedInputs given, IReadOnlyList<RunTask> tasks, ClaimsPrincipal caller)
    {
        List<(string Permission, string For)> needed = [(RunOperations.Get.Permission!, "the run"), (RunOperations.Start.Permission!, "the run"), (JobOperations.Get.Permission!, "its jobs")];
        if (given.ReadsFacts is true)
            needed.Add((AgentOperations.List.Permission!, "the facts of hosts"));
        foreach (var task in tasks)
            if (!OperationCatalog.Default.TryFind(task.Operation!, out var operation))
                throw new OperationException(ErrorType.Invalid, $"tasks: this controller has no operation '{task.Operation}', which {task.Name} calls");
            else if (operation.Permission is { } permission)
                needed.Add((permission, task.Name));
        var missing = needed.Where(call => !Roles.Permit(caller, call.Permission)).GroupBy(call => call.Permission, call => call.For)
            .Select(calls => $"{calls.Key} (for {Named([.. calls.Distinct()])})").ToList();
        if (missing.Count > 0)
            throw new BadHttpRequestException($"insufficient permissions: {string.Join(", ", missing)} {(missing.Count == 1 ? "is" : "are")} required to run this plan", StatusCodes.Status403Forbidden);
    }

    private static string Named(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(MaxNamed)) + (names.Count > MaxNamed ? $" and {names.Count - MaxNamed} more" : "");
}
