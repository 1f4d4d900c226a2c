using Osapi.Operations.Command;
using Osapi.Orchestrator;

namespace Osapi.Examples;

internal static class ResultDecode
{
    public static async Task RunAsync(TextWriter output)
    {
        await using var fleet = await OneHost.StartAsync();
        Plan plan = new(fleet.Client);

        var count = plan.Task("count", CommandOperations.Exec, "_any", new() { Command = "printf", Args = ["one\\ntwo\\nthree\\n"] });

        // By task: the typed result of the operation, without parsing.
        plan.TaskFuncWithResults("typed", (_, results) =>
        {
            var lines = results.Get(count)!.Hosts[0].Result!.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            return new() { Data = new() { ["lines"] = lines.Length } };
        }).DependsOn(count);

        // By name: the result as JSON, for any task.
        plan.TaskFuncWithResults("untyped", (_, results) =>
        {
            var host = results.Get("count")!.HostResults[0];
            return new() { Data = new() { ["host"] = host.Hostname, ["exit_code"] = (int)host.Data!["exit_code"]! } };
        }).DependsOn(count);

        // A direct call converted to a result with its job, its hosts and its data.
        plan.TaskFunc("own-call", async (osapi, cancellationToken) =>
            Result.FromCollection(await osapi.Command.ShellAsync("_all", new() { Command = "echo $((6 * 7))" }, cancellationToken: cancellationToken)));

        var report = await plan.RunAsync();

        await output.WriteLineAsync($"typed: {report.Get("typed")!.Data!.ToJsonString()}");
        await output.WriteLineAsync($"untyped: {report.Get("untyped")!.Data!.ToJsonString()}");
        var own = report.Get("own-call")!;
        await output.WriteAsync($"own-call: {own.HostResults[0].Hostname} answers {own.HostResults[0].Data!["stdout"]}");
        await output.WriteLineAsync($"its answer has {string.Join(", ", own.Data!.Select(member => member.Key))}");
    }
}
