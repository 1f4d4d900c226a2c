using Osapi.Orchestrator;

namespace Osapi.Examples;

internal static class LifecycleHooks
{
    public static async Task RunAsync(TextWriter output)
    {
        Hooks hooks = new()
        {
            BeforePlan = summary => output.WriteLine($"plan of {summary.TotalTasks} tasks in {summary.Steps.Count} levels"),
            BeforeLevel = level => output.WriteLine($"level {level.Level}: {string.Join(", ", level.Tasks)}"),
            BeforeTask = task => output.WriteLine($"  {task} starts"),
            OnRetry = (task, attempt) => output.WriteLine($"  {task}: attempt {attempt.Number} failed ({attempt.Error.Message})"),
            OnSkip = (task, reason) => output.WriteLine($"  {task} is skipped: {reason}"),
            AfterTask = (task, result) => output.WriteLine($"  {task} is {result.Status.ToText()}"),
            AfterLevel = level => output.WriteLine($"level {level.Level} is done, {level.Results.Count(result => result.Changed)} changed"),
            AfterPlan = report => output.WriteLine(report.Summary()),
        };

        Plan plan = new(client: null, new() { Hooks = hooks });
        var attempts = 0;
        var download = plan.TaskFunc("download", _ => ++attempts == 1
            ? throw new TimeoutException("the mirror is slow")
            : new Result { Changed = true }).OnError(ErrorStrategy.Retry(1));
        var install = plan.TaskFunc("install", _ => new()).DependsOn(download);
        plan.TaskFunc("restart", _ => new()).DependsOn(install).OnlyIfChanged();

        await plan.RunAsync();
    }
}
