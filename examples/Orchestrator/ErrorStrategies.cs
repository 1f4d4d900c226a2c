using Osapi.Orchestrator;

namespace Osapi.Examples;

internal static class ErrorStrategies
{
    public static async Task RunAsync(TextWriter output)
    {
        foreach (var strategy in (ErrorStrategy[])[ErrorStrategy.StopAll, ErrorStrategy.Continue])
        {
            // "report" waits for "collect" only, but under stop_all nothing starts after the failure of "backup".
            Plan plan = new(client: null, new() { OnError = strategy, MaxParallelism = 1 });
            var backup = plan.TaskFunc("backup", (_, _) => throw new IOException("no space left on device"));
            plan.TaskFunc("upgrade", _ => new() { Changed = true }).DependsOn(backup);
            var collect = plan.TaskFunc("collect", _ => new());
            plan.TaskFunc("report", _ => new()).DependsOn(collect);

            var report = await plan.RunAsync();

            await output.WriteLineAsync($"{strategy}: {report.Summary()}");
            foreach (var task in report.Tasks)
                await output.WriteLineAsync($"  {task.Name}: {task.Status.ToText()}{(task.Error is { } error ? $", {error.Message}" : "")}");
        }
    }
}
