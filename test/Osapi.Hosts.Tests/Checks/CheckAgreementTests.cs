using System.Globalization;
using Osapi.Client;
using Osapi.Hosts.Tests.Documentation;
using Osapi.Hosts.Tests.Hosts;
using Osapi.Operations;
using Osapi.Orchestrator;
using Status = Osapi.Orchestrator.Status;

namespace Osapi.Hosts.Tests.Checks;

/// <summary>Tests that the check of a plan says what the plan then does, on random states of real hosts.</summary>
[Collection("hosts, one class after the other")]
public sealed class CheckAgreementTests(LightHosts hosts, BootedHost booted) : IClassFixture<LightHosts>, IClassFixture<BootedHost>
{
    // About agents that ask to join, and about runs: there are none here.
    private static readonly string[] Others = ["agent.enroll.accept", "agent.enroll.reject", "run.cancel", "run.owed.forget"];

    private const string NotPredicted = "cannot be predicted";

    // Only the sources know whether they have something new.
    private static readonly string[] Unpredictable = ["package.refresh.execute"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_idempotent_operation_that_can_be_checked_is_in_the_random_plans()
    {
        var tried = Enumerable.Range(0, 2000).SelectMany(seed => RandomPlans.OnLightHost(seed).Concat(RandomPlans.OnBootedHost(seed))).Select(task => task.Operation).ToHashSet();

        Assert.Equal([], OperationCatalog.Default.Where(operation => operation is { Idempotency: Idempotency.Idempotent, CanBeChecked: true }).Select(operation => operation.Id).Except(tried).Except(Others));
    }

    [Fact]
    public async Task A_check_predicts_what_a_plan_does_to_files_networks_containers_and_controllers_in_all_but_one_of_two_hundred_states_and_writes_nothing()
    {
        var place = await hosts.GetAsync("web-01");
        await using var engine = await ExampleEngine.StartAsync(place);
        await using var web = await RandomFetches.ServeAsync(place);
        await using var system = await ExampleHost.StartAsync(place);
        using var client = system.CreateClient();
        await AgreeAsync(
            new(place, system, client, $"{RandomAccounts.Clearing}; {RandomSysctls.Clearing}", $"{RandomAccounts.Listing}; {RandomSysctls.Listing}" + "; docker ps -a --no-trunc --format '{{.ID}} {{.Names}} {{.State}}'; docker images --no-trunc --format '{{.ID}} {{.Repository}} {{.Tag}}'"),
            RandomPlans.OnLightHost,
            Size(44, 700));
    }

    [Fact]
    public async Task A_check_predicts_what_a_plan_does_to_services_and_packages_in_all_but_one_of_two_hundred_states_and_writes_nothing()
    {
        var place = await booted.GetAsync();
        await RandomPackages.FillAsync(place);
        await using var system = await ExampleHost.StartAsync(place);
        using var client = system.CreateClient();
        await AgreeAsync(
            new(place, system, client, $"{RandomServices.Clearing}; {RandomPackages.Clearing}", $"{RandomServices.Listing}; {RandomPackages.Listing}"),
            RandomPlans.OnBootedHost,
            Size(16, 300));
    }

    // Each pair has a seed of its own: OSAPI_TEST_SEED with OSAPI_TEST_PAIRS=1 repeats one.
    private static async Task AgreeAsync(CheckPlace place, Func<int, IReadOnlyList<RandomTask>> planOf, int pairs)
    {
        var seed = Number("OSAPI_TEST_SEED") ?? Random.Shared.Next(int.MaxValue / 2);
        Say($"OSAPI_TEST_SEED={seed}, {pairs} pairs");
        List<string> disagreements = [];
        List<string> writes = [];
        List<string> unseen = [];
        var (tasks, changes, failures, unknown) = (0, 0, 0, 0);

        for (var pair = seed; pair < seed + pairs; pair++)
        {
            var plan = planOf(pair);
            await place.ClearAsync();
            foreach (var task in plan.OrderBy(task => task.PreparesLast))
                await task.PrepareAsync(place);
            var before = await place.SnapshotAsync();
            var check = await RunAsync(plan, place.Client, new DryRunInvoker(place.Client));
            if (await place.SnapshotAsync() is var after && after != before)
                writes.Add($"{pair}: {string.Join("; ", before.Split('\n').Except(after.Split('\n')).Select(line => $"- {line}").Concat(after.Split('\n').Except(before.Split('\n')).Select(line => $"+ {line}")))}");
            var run = await RunAsync(plan, place.Client, place.Client);

            // So that a write by a check would be seen.
            var isSeen = await place.SnapshotAsync() != before;
            var (predicted, done) = (StatusesOf(check, isCheck: true).ToList(), StatusesOf(run, isCheck: false).ToList());
            for (var index = 0; index < plan.Count; index++)
                if (predicted[index].StartsWith(NotPredicted, StringComparison.Ordinal) && Unpredictable.Contains(plan[index].Operation))
                    (predicted[index], unknown) = (done[index], unknown + 1);
            tasks += plan.Count;
            changes += done.Count(status => status == "changed");
            failures += done.Count(status => status == "failed");
            if (done.Contains("changed") && !isSeen)
                unseen.Add($"{pair}");
            if (!predicted.SequenceEqual(done))
                disagreements.Add($"OSAPI_TEST_SEED={pair}: {string.Join(", ", plan.Zip(predicted, done).Select(task => $"[{task.First.Text}: {task.Second}, then {task.Third}]"))}");
        }

        Say($"{pairs} pairs, {tasks} tasks, {changes} changes, {failures} failures, {unknown} that cannot be predicted, {disagreements.Count} disagreements, {writes.Count} writes by checks");
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

    // What cannot be predicted agrees with nothing, except for the operations of which nobody could.
    private static IEnumerable<string> StatusesOf(Report report, bool isCheck) => report.Tasks.Select(task =>
        !isCheck || task.Status != Status.Changed ? task.Status.ToText()
        : task.HostResults is [{ Check: { Changed: null } unknown }] ? $"{NotPredicted}: {unknown.Reason}"
        : task.Data?["check"] is { } check && check["changed"] is null ? $"{NotPredicted}: {(string?)check["reason"]}"
        : task.Status.ToText());

    private static int Size(int reduced, int full) => Number("OSAPI_TEST_PAIRS") ?? (Environment.GetEnvironmentVariable("OSAPI_TEST_FULL") == "1" ? full : reduced);

    private static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;

    private static void Say(string text)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(text);
        Console.WriteLine(text);
    }
}
