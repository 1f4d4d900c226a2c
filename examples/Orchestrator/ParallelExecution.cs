using Osapi.Orchestrator;

namespace Osapi.Examples;

internal static class ParallelExecution
{
    public static async Task RunAsync(TextWriter output)
    {
        // The three checks have no dependencies, so they can run at the same time; here at most two of them do.
        var (running, most) = (0, 0);
        Plan plan = new(client: null, new() { MaxParallelism = 2 });
        var checks = Enumerable.Range(1, 3).Select(number => plan.TaskFunc($"check-{number}", async (_, cancellationToken) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
            Interlocked.Decrement(ref running);
            return new();
        })).ToArray();
        plan.TaskFunc("summarize", _ => new()).DependsOn(checks);

        await output.WriteAsync(plan.Explain());
        var report = await plan.RunAsync();

        await output.WriteLineAsync();
        await output.WriteLineAsync(report.Summary());
        await output.WriteLineAsync($"never more than two at once: {most <= 2}");
    }
}
