using Osapi.Operations.Node;
using Osapi.Orchestrator;

namespace Osapi.Examples;

internal static class Introspection
{
    public static async Task RunAsync(TextWriter output)
    {
        // A plan with operations needs a client to run, but not to be inspected.
        Plan plan = new(client: null);
        var hostname = plan.Task("hostname", NodeOperations.Hostname, "_any");
        var load = plan.Task("load", NodeOperations.Load, "group:web");
        plan.TaskFunc("scale", _ => new()).DependsOn(hostname, load).When(_ => true);

        await output.WriteLineAsync(plan.Explain());
        await output.WriteLineAsync(plan.ToMermaid());

        plan.TaskFunc("scale", _ => new()).OnlyIfChanged();
        foreach (var error in plan.Validate())
            await output.WriteLineAsync($"wrong with {error.Task}: {error.Message}");
    }
}
