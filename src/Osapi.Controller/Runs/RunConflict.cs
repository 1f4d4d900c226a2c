using Microsoft.AspNetCore.Http;
using Osapi.Operations;
using Osapi.Operations.Runs;

namespace Osapi.Controller.Runs;

/// <summary>The refusals of calls about runs.</summary>
internal static class RunConflict
{
    public static OperationException NotFound(RunId id) => new(ErrorType.NotFound, $"run not found: {id}");

    /// <summary>The refusal of a runner that is no longer the run's: it must stop.</summary>
    public static OperationException Replaced(JournalState run) => new(ErrorType.Conflict, run switch
    {
        { SupersededBy: { } successor } => $"run {run.Id} was superseded by run {successor}",
        { IsOver: true } => $"run {run.Id} has ended",
        _ => $"another runner has taken over run {run.Id}, of {run.Head.Caller}, at {run.RunnerSince:u}",
    });

    public static OperationException TooLate(RunId id) => new(ErrorType.Conflict, $"the journal of run {id} has another end: something was appended meanwhile");

    public static OperationException GoesOn(JournalState run, string plan) =>
        new(ErrorType.Conflict, $"plan '{plan}' is being run: run {run.Id}, of {run.Head.Caller}, since {run.Started:u}");

    public static OperationException Heard(JournalState run) => new(ErrorType.Conflict, $"run {run.Id} goes on: its runner, of {run.Head.Caller}, is heard; force takes it over, which is safe but makes that runner stop");

    public static BadHttpRequestException NotCaller(JournalState run) =>
        new($"run {run.Id} is run by another caller", StatusCodes.Status403Forbidden);
}
