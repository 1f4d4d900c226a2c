using System.Text;
using System.Text.Json;
using Osapi.Fleet.Tests.Running;
using Osapi.Operations;
using Osapi.Operations.Command;
using Osapi.Operations.Files;
using Osapi.Operations.Targets;
using Osapi.Orchestrator;
using Status = Osapi.Orchestrator.Status;

namespace Osapi.Fleet.Tests;

/// <summary>Tests of plans over the hosts of a real fleet.</summary>
[Collection(SingleBrokerSuites.Name)]
public sealed class PlanOverHostsTests(SingleBroker broker)
{
    private int runs;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_failed_host_costs_no_other_host_its_restart_and_gets_its_own_after_its_repair()
    {
        var fleet = await broker.GetAsync();
        var client = fleet.Calls[0].Waiting;
        var broken = fleet.Agents[2].Host;
        await client.Command.ShellAsync(Target.All, new() { Command = "rm -rf /srv/plan /srv/restarts; mkdir -p /srv/plan" }, cancellationToken: Token);
        await client.Command.ShellAsync(broken.Name, new() { Command = "rmdir /srv/plan; touch /srv/plan" }, cancellationToken: Token);
        using MemoryStream content = new(Encoding.UTF8.GetBytes("port = 8080\n"));
        await client.File.UploadAsync("plan-app.conf", content, force: true, cancellationToken: Token);

        var first = await MakePlan().RunAsync(Token);
        await client.Command.ShellAsync(broken.Name, new() { Command = "rm /srv/plan; mkdir /srv/plan" }, cancellationToken: Token);
        var second = await MakePlan().RunAsync(Token);

        string[] restarts = [.. fleet.Agents.Select(agent => string.Join(",", agent.Host.Lines("/srv/restarts")))];
        Size.Say($"first: {first.Summary()}; second: {second.Summary()}; restarts: {string.Join(" ", restarts)}");
        Assert.Equal(["1", "1", "2", "1", "1"], restarts);
        Assert.Equal((PlanOutcome.Failed, PlanOutcome.Succeeded), (first.Outcome, second.Outcome));
        Assert.Equal([(broken.Name, Status.Failed)], first.Get("deploy")!.HostResults.Where(host => host.Status == Status.Failed).Select(host => (host.Hostname, host.Status)));
        Assert.Equal([ReasonKind.DependencyFailed, ReasonKind.Failed], first.Explain("restart", broken.Name).Select(step => step.Kind));

        // The run writes its number, so that a restart in the wrong run shows.
        Plan MakePlan()
        {
            runs++;
            Plan plan = new(client);
            var deploy = plan.Task("deploy", FileOperations.Deploy, Target.All, new() { ObjectName = "plan-app.conf", Path = "/srv/plan/app.conf", ContentType = FileContentType.Raw });
            plan.Task("restart", CommandOperations.Shell, Target.All, new() { Command = $"echo {runs} >> /srv/restarts" }).DependsOn(deploy).OnlyIfChanged();
            return plan;
        }
    }

    [Fact]
    public async Task A_host_that_is_cut_off_is_waited_for_once()
    {
        var fleet = await broker.GetAsync();
        var client = fleet.Calls[0].Waiting;
        var cut = fleet.Agents[3].Host;
        var (withAll, _) = await TimeAsync();
        await cut.CutAsync();

        var (withFour, report) = await TimeAsync();
        await cut.JoinAsync();

        Size.Say($"6 tasks on five hosts {withAll.TotalSeconds:0.0} s, with one cut off {withFour.TotalSeconds:0.0} s");
        Assert.Equal(6, report.Tasks.Count(task => task.HostResults.Single(host => host.Hostname == cut.Name).Status == Status.Failed));
        Assert.Equal(1, report.Tasks.Count(task => task.HostResults.Single(host => host.Hostname == cut.Name).Attempts > 0));
        // The promise is two seconds beyond the ten within which a host must start a job; three times that on a busy machine, but not a second wait.
        Assert.True(withFour < withAll + TimeSpan.FromSeconds(16), $"it took {withFour}");

        async Task<(TimeSpan Time, Report Report)> TimeAsync()
        {
            Plan plan = new(client, new() { OnError = ErrorStrategy.Continue, MaxParallelism = 1 });
            for (var task = 0; task < 6; task++)
                plan.Task($"task-{task}", CommandOperations.Shell, Target.All, new() { Command = "true" });
            var begin = TimeProvider.System.GetTimestamp();
            var report = await plan.RunAsync(Token);
            return (TimeProvider.System.GetElapsedTime(begin), report);
        }
    }

    [Fact]
    public async Task A_host_that_comes_back_runs_the_later_tasks_of_the_same_run()
    {
        var fleet = await broker.GetAsync();
        var cut = fleet.Agents[3].Host;
        HeartbeatWatch watch = new(fleet.Calls[0].Waiting, cut.Name);
        Plan plan = new(fleet.Calls[0].Waiting, new() { OnError = ErrorStrategy.Continue, Invoker = watch });
        var first = plan.Task("first", CommandOperations.Shell, Target.All, new() { Command = "true" });
        var between = plan.TaskFunc("between", _ => new Result()).DependsOn(first).When(_ => true);
        var second = plan.Task("second", CommandOperations.Shell, Target.All, new() { Command = "true" }).DependsOn(between);
        var back = plan.TaskFunc("back", async (_, cancellationToken) =>
        {
            await cut.JoinAsync();
            await watch.HeardAsync(cancellationToken);
            return new();
        }).DependsOn(second).When(_ => true);
        // The answer with the heartbeat has long been taken when this call ends.
        var other = plan.Task("other", CommandOperations.Shell, fleet.Agents[0].Host.Name, new() { Command = "true" }).DependsOn(back);
        plan.Task("third", CommandOperations.Shell, Target.All, new() { Command = "true" }).DependsOn(other);
        await cut.CutAsync();

        var report = await plan.RunAsync(Token);

        Size.Say($"left out and back: {report.Summary()}, {watch.Questions} questions, {report.Duration.TotalSeconds:0.0} s");
        Assert.Equal([(Status.Failed, 1), (Status.Failed, 0), (Status.Changed, 1)], ((string[])["first", "second", "third"]).Select(task => OnCut(report.Get(task)!)));
        Assert.StartsWith("host unreachable since ", report.Get("second")!.HostResults.Single(host => host.Hostname == cut.Name).Error, StringComparison.Ordinal);
        Assert.All(report.Get("third")!.HostResults, host => Assert.Equal(Status.Changed, host.Status));
        Assert.InRange(watch.Questions, 1, 1 + (int)(report.Duration / TimeSpan.FromSeconds(5)));

        (Status Status, int Attempts) OnCut(TaskResult task) => task.HostResults.Where(host => host.Hostname == cut.Name).Select(host => (host.Status, host.Attempts)).Single();
    }

    [Fact]
    public async Task A_chain_on_any_host_stays_on_its_host()
    {
        var fleet = await broker.GetAsync();
        var client = fleet.Calls[0].Waiting;
        for (var round = 0; round < 5; round++)
        {
            Plan plan = new(client);
            var create = plan.Task("create", CommandOperations.Shell, Target.Any, new() { Command = "touch /srv/scratch" });
            var use = plan.Task("use", CommandOperations.Shell, Target.SameAs(create), new() { Command = "test -f /srv/scratch && exit 3" }).DependsOn(create).OnError(ErrorStrategy.Continue);
            plan.Task("remove", CommandOperations.Shell, Target.SameAs(create), new() { Command = "rm /srv/scratch" }).DependsOn(use).Always();

            var report = await plan.RunAsync(Token);

            Assert.Equal([Status.Changed, Status.Failed, Status.Changed], report.Tasks.Select(task => task.Status));
            Assert.Single(report.Tasks.Select(task => Assert.Single(task.HostResults).Hostname).Distinct());
        }
    }

    // Counts the questions of a run for its unreachable hosts, and waits for the one whose answer has a heartbeat since the host was joined.
    private sealed class HeartbeatWatch(IOperationInvoker controller, string hostname) : IOperationInvoker
    {
        private readonly TaskCompletionSource heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long? since;

        public int Questions { get; private set; }

        public Task HeardAsync(CancellationToken cancellationToken)
        {
            since = TimeProvider.System.GetTimestamp();
            return heard.Task.WaitAsync(TimeSpan.FromMinutes(2), cancellationToken);
        }

        public async Task<OperationReply> SendAsync(Operation operation, object request, Target? target, CallOptions? options, CancellationToken cancellationToken)
        {
            var reply = await controller.SendAsync(operation, request, target, options, cancellationToken);
            // The run first resolves its targets.
            if (request is not ResolveTarget { Target: var asked } || asked != hostname)
                return reply;
            Questions++;
            var age = reply.Document.Deserialize(TargetOperations.Resolve.Result)!.Hosts.Single().HeartbeatAge;
            if (since is { } joined && age < TimeProvider.System.GetElapsedTime(joined).TotalSeconds)
                heard.TrySetResult();
            return reply;
        }
    }
}
