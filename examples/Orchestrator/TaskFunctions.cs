using Osapi.Orchestrator;

namespace Osapi.Examples;

internal static class TaskFunctions
{
    public static async Task RunAsync(TextWriter output)
    {
        Plan plan = new(client: null);

        // A body receives the plan's client and a token, and returns its data and whether it changed anything.
        var inventory = plan.TaskFunc("inventory", _ => new()
        {
            Data = new() { ["hostname"] = "web-01", ["memory_gb"] = 16 },
        });

        // This body also reads the results of earlier tasks.
        plan.TaskFuncWithResults("size-cache", async (_, results, cancellationToken) =>
        {
            var found = results.Get("inventory")!.Data!;
            var cache = (int)found["memory_gb"]! / 4;
            await output.WriteLineAsync($"{found["hostname"]} gets a cache of {cache} GB".AsMemory(), cancellationToken);
            return new() { Changed = true, Data = new() { ["cache_gb"] = cache } };
        }).DependsOn(inventory);

        var report = await plan.RunAsync();

        await output.WriteLineAsync($"size-cache returned {report.Get("size-cache")!.Data!.ToJsonString()}");
    }
}
