using System.Globalization;
using Osapi.Client;
using Osapi.Hosts.Tests.Documentation;
using Osapi.Hosts.Tests.Hosts;
using Osapi.Operations;
using Osapi.Orchestrator;
using Status = Osapi.Orchestrator.Status;

namespace Osapi.Hosts.Tests.Checks;

/// <summary>Tests that the check of a plan says what the plan then does, on random states of a real host.</summary>
[Collection("hosts, one class after the other")]
public sealed class CheckAgreementTests(LightHosts hosts) : IClassFixture<LightHosts>
{
    private static readonly int Pairs = Environment.GetEnvironmentVariable("OSAPI_TEST_FULL") == "1" ? 1000 : 60;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Each pair has a seed of its own: OSAPI_TEST_SEED with OSAPI_TEST_PAIRS=1 repeats one.</summary>
    [Fact]
    public async Task A_check_predicts_what_a_plan_does_in_all_but_one_of_two_hundred_states_and_writes_nothing()
    {
        var seed = Number("OSAPI_TEST_SEED") ?? Random.Shared.Next(int.MaxValue / 2);
        var pairs = Number("OSAPI_TEST_PAIRS") ?? Pairs;
        Say($"OSAPI_TEST_SEED={seed}, {pairs} pairs");
        var place = await hosts.GetAsync("web-01");
        await using var engine = await ExampleEngine.StartAsync(place);
        await using var system = await ExampleHost.StartAsync(place);
        using var client = system.CreateClient();
        CheckPlace checks = new(place, system, client);
        List<string> disagreements = [];
        List<string> writes = [];
        List<string> unseen = [];
        var (tasks, changes, failures) = (0, 0, 0);

        for (var pair = 0; pair < pairs; pair++)
        {
            var plan = new RandomTasks(new Random(seed + pair)).Plan();
            await checks.ClearAsync();
            foreach (var task in plan.OrderBy(task => task.PreparesLast))
                await task.PrepareAsync(checks);
            var before = await checks.SnapshotAsync();
            var check = await RunAsync(plan, client, new DryRunInvoker(client));
            if (await checks.SnapshotAsync() is var after && after != before)
                writes.Add($"{seed + pair}: {string.Join("; ", before.Split('\n').Except(after.Split('\n')).Select(line => $"- {line}").Concat(after.Split('\n').Except(before.Split('\n')).Select(line => $"+ {line}")))}");
            var run = await RunAsync(plan, client, client);

            // So that a write by a check would be seen.
            var isSeen = await checks.SnapshotAsync() != before;
            var (predicted, done) = (StatusesOf(check, isCheck: true), StatusesOf(run, isCheck: false));
            tasks += plan.Count;
            changes += done.Count(status => status == "changed");
            failures += done.Count(status => status == "failed");
            if (done.Contains("changed") && !isSeen)
                unseen.Add($"{seed + pair}");
            if (!predicted.SequenceEqual(done))
                disagreements.Add($"OSAPI_TEST_SEED={seed + pair}: {string.Join(", ", plan.Zip(predicted, done).Select(task => $"[{task.First.Text}: {task.Second}, then {task.Third}]"))}");
        }

        Say($"{pairs} pairs, {tasks} tasks, {changes} changes, {failures} failures, {disagreements.Count} disagreements, {writes.Count} writes by checks");
        disagreements.ForEach(Say);
        writes.ForEach(Say);
        Assert.Empty(writes);
        Assert.Empty(unseen);
        Assert.True(disagreements.Count <= pairs / 200, string.Join('\n', disagreements));
    }

    private static async Task<Report> RunAsync(IReadOnlyList<RandomTask> tasks, OsapiClient client, IOperationInvoker invoker)
    {
        Plan plan = new(client, new() { Invoker = invoker });
        PlanTask? last = null;
        for (var index = 0; index < tasks.Count; index++)
        {
            var added = tasks[index].AddTo(plan, $"t{index}");
            last = last is null ? added : added.DependsOn(last);
        }

        return await plan.RunAsync(Token);
    }

    // What cannot be predicted agrees with nothing.
    private static IEnumerable<string> StatusesOf(Report report, bool isCheck) => report.Tasks.Select(task =>
        isCheck && task.Status == Status.Changed && (task.HostResults is [{ Check: { Changed: null } unknown }] ? unknown.Reason : task.Data?["check"] is { } check && check["changed"] is null ? (string?)check["reason"] ?? "" : null) is { } reason
            ? $"cannot be predicted: {reason}"
            : task.Status.ToText());

    private static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;

    private static void Say(string text)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(text);
        Console.WriteLine(text);
    }
}
