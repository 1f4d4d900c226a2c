using Osapi.Orchestrator;

namespace Osapi.Examples;

internal static class Guards
{
    public static async Task RunAsync(TextWriter output)
    {
        Plan plan = new(client: null);
        var disk = plan.TaskFunc("disk", _ => new() { Data = new() { ["used_percent"] = 91 } });

        // A guard checks the results of earlier tasks. The reason, if given, appears in the report.
        plan.TaskFunc("clean-up", _ => new() { Changed = true })
            .DependsOn(disk)
            .When(results => (int)results.Get("disk")!.Data!["used_percent"]! > 80, "there is enough space");
        plan.TaskFunc("grow-disk", _ => new() { Changed = true })
            .DependsOn(disk)
            .When(results => (int)results.Get("disk")!.Data!["used_percent"]! > 95, "the disk is not full yet");

        foreach (var task in (await plan.RunAsync()).Tasks)
            await output.WriteLineAsync($"{task.Name}: {task.Status.ToText()}{(task.SkipReason is { } reason ? $", {reason}" : "")}");
    }
}
