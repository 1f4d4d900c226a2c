using Osapi.Orchestrator;

namespace Osapi.Examples;

internal static class BasicPlan
{
    public static async Task RunAsync(TextWriter output)
    {
        Plan plan = new(client: null);
        var packages = plan.TaskFunc("packages", _ => new() { Changed = true });
        var configure = plan.TaskFunc("configure", _ => new() { Changed = true }).DependsOn(packages);
        plan.TaskFunc("verify", _ => new()).DependsOn(configure);

        var report = await plan.RunAsync();

        foreach (var task in report.Tasks)
            await output.WriteLineAsync($"{task.Name}: {task.Status.ToText()}");
        await output.WriteLineAsync(report.Summary());
        report.EnsureSuccess();
    }
}
