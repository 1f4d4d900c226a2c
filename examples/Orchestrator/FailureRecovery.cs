using Osapi.Orchestrator;

namespace Osapi.Examples;

internal static class FailureRecovery
{
    public static async Task RunAsync(TextWriter output)
    {
        foreach (var healthy in (bool[])[true, false])
        {
            Plan plan = new(client: null);
            var deploy = plan.TaskFunc("deploy", _ => healthy
                ? new Result { Changed = true }
                : throw new InvalidOperationException("the new version does not start"));

            // Runs only after a failure, even though that failure stops everything else.
            plan.TaskFunc("roll-back", _ => new() { Changed = true }).DependsOn(deploy).OnlyIfFailed();
            plan.TaskFunc("announce", _ => new()).DependsOn(deploy);

            await output.WriteLineAsync(healthy ? "the deployment succeeds" : "the deployment fails");
            foreach (var task in (await plan.RunAsync()).Tasks)
                await output.WriteLineAsync($"  {task.Name}: {task.Status.ToText()}{(task.SkipReason is { } reason ? $", {reason}" : "")}");
        }
    }
}
