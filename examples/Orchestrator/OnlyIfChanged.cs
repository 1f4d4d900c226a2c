using Osapi.Orchestrator;

namespace Osapi.Examples;

internal static class OnlyIfChanged
{
    public static async Task RunAsync(TextWriter output)
    {
        var configuration = "workers 4";

        Plan plan = new(client: null);
        var installed = "workers 2";
        var configure = plan.TaskFunc("configure", _ =>
        {
            var changed = installed != configuration;
            installed = configuration;
            return new() { Changed = changed };
        });
        plan.TaskFunc("restart", _ => new() { Changed = true }).DependsOn(configure).OnlyIfChanged();

        // The same plan twice: the second run changes nothing, so nothing is restarted.
        foreach (var time in (string[])["first", "second"])
        {
            await output.WriteLineAsync($"{time} run");
            foreach (var task in (await plan.RunAsync()).Tasks)
                await output.WriteLineAsync($"  {task.Name}: {task.Status.ToText()}{(task.SkipReason is { } reason ? $", {reason}" : "")}");
        }
    }
}
