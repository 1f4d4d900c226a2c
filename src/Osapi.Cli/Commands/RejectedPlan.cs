using Osapi.Cli.Rendering;
using Osapi.Cli.Yaml;
using Osapi.Client;
using Osapi.Orchestrator;
using Osapi.Plans;
using Osapi.Plans.Yaml;

namespace Osapi.Cli.Commands;

/// <summary>Prints what the controller knows to be wrong with a plan file, beside what the file itself shows: hosts that do not exist, permissions that the caller lacks.</summary>
internal static class RejectedPlan
{
    /// <summary>Prints the problems with the lines of the file, and returns the exit code.</summary>
    public static int Print(InvalidPlanException exception, string path, SourceFiles sources, PlanFile file)
    {
        Dictionary<string, PlanFileTask> tasks = file.Tasks.ToDictionary(task => task.Name);
        Terminal.Fail(exception.Errors.Where(error => !tasks.ContainsKey(error.Task)).Select(error => error.Message));
        FileProblems.Print(sources.Complete(path, exception.Errors.Where(error => tasks.ContainsKey(error.Task)).Select(error => FileProblem.At(tasks[error.Task].Mark, error.Message) with { File = tasks[error.Task].File })));
        return exception.Errors.All(error => error.Cause is AuthException) ? ExitCode.NotPermitted : ExitCode.BadInput;
    }
}
