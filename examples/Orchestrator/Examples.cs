namespace Osapi.Examples;

/// <summary>The examples of the orchestrator, one small file each.</summary>
public static class Examples
{
    /// <summary>The examples by name, each with a description.</summary>
    public static IReadOnlyDictionary<string, (string Shows, Func<TextWriter, Task> RunAsync)> All { get; } = new SortedDictionary<string, (string, Func<TextWriter, Task>)>
    {
        ["basic-plan"] = ("tasks, dependencies and a report", BasicPlan.RunAsync),
        ["task-functions"] = ("bodies of your own that read what other tasks found", TaskFunctions.RunAsync),
        ["parallel"] = ("what runs at the same time, and how to limit it", ParallelExecution.RunAsync),
        ["guards"] = ("tasks that look before they run", Guards.RunAsync),
        ["only-if-changed"] = ("restart only what has a new configuration", OnlyIfChanged.RunAsync),
        ["hooks"] = ("watching a plan while it runs", LifecycleHooks.RunAsync),
        ["error-strategies"] = ("stop everything, or go on with the rest", ErrorStrategies.RunAsync),
        ["recovery"] = ("tasks that run only after a failure", FailureRecovery.RunAsync),
        ["retry"] = ("trying again, with backoff and a predicate", Retrying.RunAsync),
        ["broadcast"] = ("one task on many hosts, an entry for each", Broadcast.RunAsync),
        ["result-decode"] = ("what a task found, typed and as JSON", ResultDecode.RunAsync),
        ["containers"] = ("work inside a container, cleaned up whatever happens (needs Docker)", ContainerTargeting.RunAsync),
        ["introspection"] = ("looking at a plan without running it", Introspection.RunAsync),
    };

    /// <summary>Runs the named example, or lists all examples.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        if (args is [])
        {
            foreach (var (name, example) in All)
                await output.WriteLineAsync($"{name,-18}{example.Shows}");
            return 0;
        }

        if (args is not [var wanted] || !All.TryGetValue(wanted, out var found))
        {
            await errors.WriteLineAsync($"There is no example '{string.Join(' ', args)}'. Without an argument they are listed.");
            return 2;
        }

        await found.RunAsync(output);
        return 0;
    }
}
