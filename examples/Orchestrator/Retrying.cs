using Osapi.Orchestrator;

namespace Osapi.Examples;

internal static class Retrying
{
    public static async Task RunAsync(TextWriter output)
    {
        Plan plan = new(client: null, new() { OnError = ErrorStrategy.Continue });

        // Up to three retries, after 10 ms, 20 ms and 25 ms, each shortened a little at random.
        var attempts = 0;
        plan.TaskFunc("flaky", _ => ++attempts < 3 ? throw new TimeoutException("no answer") : new Result { Changed = true })
            .OnError(ErrorStrategy.Retry(3, TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(25)));

        // Retries only errors that may be temporary; then the plan continues without the task.
        plan.TaskFunc("wrong", (_, _) => throw new ArgumentException("no such package"))
            .OnError(ErrorStrategy.Retry(5).When(error => error is TimeoutException).Then(ErrorStrategy.Continue));

        foreach (var task in (await plan.RunAsync()).Tasks)
            await output.WriteLineAsync($"{task.Name}: {task.Status.ToText()} after {task.Attempts} {(task.Attempts == 1 ? "attempt" : "attempts")}");
        foreach (var task in plan.Tasks)
            await output.WriteLineAsync($"{task} has the strategy {task.ErrorStrategy}");
    }
}
