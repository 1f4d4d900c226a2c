using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Osapi.Operations.Json;
using Osapi.Operations.Runs;
using Osapi.Orchestrator.Execution;

namespace Osapi.Orchestrator.Runs;

/// <summary>Digests of what decides what a plan and its tasks do, so that a run goes on with the same ones. Secrets are no part of them.</summary>
internal static class PlanDigest
{
    // The controller takes no more, and a report draws no more.
    private const int MaxDependencies = 100_000;
    private const int MaxTarget = 1000;

    public static IReadOnlyList<RunTask> TasksOf(Plan plan)
    {
        var isLarge = plan.Tasks.Sum(task => task.DependencyList.Count) > MaxDependencies;
        return
        [
            .. plan.Tasks.Select(task =>
            {
                IReadOnlyList<string> dependencies = [.. task.DependencyList.Select(dependency => dependency.Name)];
                return new RunTask(task.Name, Of(TextOf(task)))
                {
                    Operation = task.Operation?.Id,
                    Target = task.Target?.Text is { Length: > MaxTarget } text ? $"{text[..(MaxTarget - 3)]}..." : task.Target?.Text,
                    SameAs = task.SameHostsAs?.Name,
                    DependsOn = isLarge ? null : dependencies,
                    ReactsTo = task.RequiresChange ? dependencies : [],
                };
            }),
        ];
    }

    public static string Of(Plan plan, IReadOnlyList<RunTask> tasks) => Of(string.Join('\n', [
        $"{plan.Options.OnError} {plan.Options.Flow} {plan.Options.LevelBarriers}",
        .. tasks.Select(task => $"{task.Digest} {task.Name}"),
    ]));

    // A request that is made for each host, and conditions, are known by their text where there is one: a delegate has none.
    private static string TextOf(PlanTask task) => string.Join('\n', [
        task.Operation?.Id ?? "",
        task.SameHostsAs is { } origin ? $"same as {origin.Name}" : task.Target?.Text ?? "",
        RequestOf(task),
        task.Definition ?? "",
        string.Join('\n', task.DependencyList.Select(dependency => dependency.Name)),
        $"{task.RequiresChange} {task.RequiresFailure} {task.RunsAlways} {task.Guards.Length} {task.HasOwnConditions}",
    ]);

    private static string RequestOf(PlanTask task)
    {
        if (task.Body is not OperationBody { Request: { } request, Operation: { } operation })
            return "";
        var json = JsonSerializer.SerializeToUtf8Bytes(request, operation.RequestInfo);
        return Encoding.UTF8.GetString(SecretMembers.Masked(operation, json).Span);
    }

    private static string Of(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
