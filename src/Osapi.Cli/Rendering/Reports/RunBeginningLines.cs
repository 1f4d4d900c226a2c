using Osapi.Operations.Runs;
using Osapi.Orchestrator;

namespace Osapi.Cli.Rendering.Reports;

/// <summary>Prints what a recorded run begins with: its id, and the steps that earlier runs owe.</summary>
/// <param name="printer">The destination; null to print only what went wrong.</param>
/// <param name="time">The time.</param>
internal sealed class RunBeginningLines(Printer? printer, TimeProvider time)
{
    // More lines than this hide the rest.
    private const int MaxSteps = 20;

    /// <summary>Returns the options with this, and another one if there is one, as those that are told.</summary>
    public RunOptions Apply(RunOptions options, Action<RunBeginning>? also) => options with
    {
        Begun = Print + also,
        Waiting = static () => Terminal.Error.Line("waiting for up to 20 s to learn whether the process of the run is gone; --force does not wait"),
        NotRecorded = options.Resume is null ? static reason => Terminal.Error.Line($"the run is not recorded and cannot be resumed: {reason}") : null,
    };

    private void Print(RunBeginning run)
    {
        printer?.Styled($"[grey]run {run.Id}[/]");
        if (run.Superseded is { } superseded)
            printer?.Styled($"[yellow]takes the place of run {superseded}, which was interrupted[/]");
        Print(run.Owed, "owed");
        Print([.. run.NotDone.Where(step => step.HostReplaced != true)], "owed, and not in the plan any more");
        Print([.. run.NotDone.Where(step => step.HostReplaced == true)], "owed, and not done because the host has another key now");
    }

    private void Print(IReadOnlyList<OwedStep> steps, string what)
    {
        foreach (var step in steps.Take(MaxSteps))
            printer?.Styled($"[yellow]{what}: {NameOf(step)}[/][grey]{Origin(step)}[/]");
        if (steps.Count > MaxSteps)
            printer?.Styled($"[yellow]{what}: {steps.Count - MaxSteps} more[/]");
    }

    private static string NameOf(OwedStep step) => step.Host is null ? step.Task : $"{step.Task} on {step.Host}";

    private string Origin(OwedStep step) =>
        $"{(step.Run is null ? "" : $", from run {step.Run}")}{(step.Caller is null ? "" : $" of {step.Caller}")}{(step.Since is { } since ? $", {ReadableValues.Age(time.GetUtcNow() - since)} ago" : "")}";
}
