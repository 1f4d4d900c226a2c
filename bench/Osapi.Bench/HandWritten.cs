namespace Osapi.Bench;

/// <summary>The hand-written version without an engine: each task awaits its dependencies, and all are awaited.</summary>
internal static class HandWritten
{
    public static async Task RunAsync(Dag dag, Func<Task> body)
    {
        var tasks = new Task[dag.Dependencies.Length];
        for (var task = 0; task < tasks.Length; task++)
        {
            var dependencies = dag.Dependencies[task];
            var awaited = new Task[dependencies.Length];
            for (var edge = 0; edge < awaited.Length; edge++)
                awaited[edge] = tasks[dependencies[edge]];
            tasks[task] = OneAsync(awaited, body);
        }

        await Task.WhenAll(tasks);
    }

    private static async Task OneAsync(Task[] dependencies, Func<Task> body)
    {
        if (dependencies.Length == 1)
            await dependencies[0];
        else if (dependencies.Length > 1)
            await Task.WhenAll(dependencies);
        await body();
    }
}
