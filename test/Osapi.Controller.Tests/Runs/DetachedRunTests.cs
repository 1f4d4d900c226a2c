using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Osapi.Client;
using Osapi.Controller.Runs.Detached;
using Osapi.Operations.Runs;
using Osapi.Transport;
using Osapi.Transport.Runs;

namespace Osapi.Controller.Tests.Runs;

/// <summary>Tests of runs that are handed over to a controller, as the controller sees them: who runs them, with what, and when they end.</summary>
public sealed class DetachedRunTests : RunTest
{
    public DetachedRunTests()
        : base(new ControllerSetup { Options = options => options with { MaxDetachedRuns = 2, RunDetached = new ScriptedPlans().RunAsync } })
    {
    }

    private ScriptedPlans Scripted => (ScriptedPlans)fixture.Controller.Services.GetRequiredService<ControllerOptions>().RunDetached!.Target!;

    [Fact]
    public async Task A_controller_runs_with_the_inputs_and_the_token_of_the_caller_and_removes_them_at_the_end()
    {
        var token = fixture.Tokens.Generate(new()
        {
            Subject = "alice",
            Roles = ["write"],
            Permissions = ["command:execute", "run:read", "run:write", "job:read"],
            Targets = ["role:web"],
            Operations = ["run.*", "command.*"],
            Lifetime = TimeSpan.FromHours(1),
        });
        using PlanRunner caller = new(fixture.Http.BaseAddress!, token);
        await StartAsync(caller, "deploy");
        var run = await Scripted.NextAsync(Token);

        Assert.Equal(("open sesame", "then"), (run.Inputs.Secrets["password"], run.Inputs.Environment["SAID"]));
        var detail = await caller.Client.Run.GetAsync(caller.Id, cancellationToken: Token);
        Assert.Equal((RunStatus.Running, true, Environment.MachineName), (detail.Status, detail.Detached, detail.Controller));
        JsonWebToken given = new(token), used = new(await run.Token(Token));
        Assert.Equal((given.Subject, given.Id, given.IssuedAt), (used.Subject, used.Id, used.IssuedAt));
        Assert.Equal(GrantedBy(given), GrantedBy(used));
        Assert.NotNull(await StoredAsync(caller.Id));
        await EndAsync(run);

        Assert.Equal(RunStatus.Succeeded, (await caller.Client.Run.GetAsync(caller.Id, cancellationToken: Token)).Status);
        while (await StoredAsync(caller.Id) is not null)
            Token.ThrowIfCancellationRequested();
    }

    [Fact]
    public async Task All_missing_permissions_are_told_at_the_hand_over_and_nothing_is_kept()
    {
        using PlanRunner caller = new(fixture.Http.BaseAddress!, fixture.Tokens.Generate("alice", [], ["run:read", "run:write"], TimeSpan.FromHours(1)));
        var refused = await Assert.ThrowsAsync<AuthException>(() => StartAsync(caller, "deploy", request => request with
        {
            Tasks = [PlanRunner.Task("config"), PlanRunner.Task("restart"), new("put", PlanRunner.Digest()) { Operation = "file.upload" }],
            Detached = request.Detached! with { ReadsFacts = true },
        }));

        Assert.Equal("insufficient permissions: job:read (for its jobs), agent:read (for the facts of hosts), command:execute (for config, restart), file:write (for put) are required to run this plan", refused.Message);
        Assert.Null(await StoredAsync(caller.Id));
        await Assert.ThrowsAsync<NotFoundException>(() => caller.Client.Run.GetAsync(caller.Id, cancellationToken: Token));
    }

    [Fact]
    public async Task What_a_controller_cannot_run_is_refused()
    {
        var caller = NewRunner();
        (Func<StartRun, StartRun> With, string Says)[] wrong =
        [
            (request => request with { Files = [] }, "files: a controller needs the plan file"),
            (request => request with { Tasks = [new("a", PlanRunner.Digest()), new("b", PlanRunner.Digest())] }, "a, b are functions"),
            (request => request with { Tasks = [new("a", PlanRunner.Digest()) { Operation = "node.fly.execute" }] }, "no operation 'node.fly.execute', which a calls"),
            (request => request with { Detached = new() { Secrets = new Dictionary<string, string> { ["a"] = new('x', 128 * 1024) } } }, "may have 131072"),
        ];
        foreach (var (with, says) in wrong)
            Assert.Contains(says, (await Assert.ThrowsAsync<ValidationException>(() => StartAsync(caller, "deploy", with))).Message, StringComparison.Ordinal);
        Assert.Null(await StoredAsync(caller.Id));
    }

    [Fact]
    public async Task The_name_of_a_plan_belongs_to_a_detached_run_that_waits_and_a_repeated_hand_over_is_the_same()
    {
        var (first, second, waiting) = (NewRunner(), NewRunner(), NewRunner());
        await StartAsync(first, "one");
        await StartAsync(second, "two");
        await Scripted.NextAsync(Token);
        var run = await Scripted.NextAsync(Token);
        await StartAsync(waiting, "three");
        await StartAsync(waiting, "three");

        Assert.Equal(RunStatus.Waiting, await StatusOfAsync(waiting.Id));
        Assert.Equal(waiting.Id, Assert.Single((await waiting.Client.Run.ListAsync(new() { Status = RunStatus.Waiting }, cancellationToken: Token)).Items).Id);
        var other = NewRunner();
        Assert.Contains($"run {waiting.Id}", (await Assert.ThrowsAsync<ConflictException>(() => other.StartAsync("three", Token))).Message, StringComparison.Ordinal);
        Assert.Contains("goes on; cancel it first", (await Assert.ThrowsAsync<ConflictException>(() => waiting.Client.Run.DeleteAsync(waiting.Id, cancellationToken: Token))).Message, StringComparison.Ordinal);

        await EndAsync(run);
        Assert.Equal(waiting.Id, (await Scripted.NextAsync(Token)).Id);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_run_ends_when_its_token_or_subject_is_revoked_and_not_when_the_token_expires(bool bySubject)
    {
        using PlanRunner caller = new(fixture.Http.BaseAddress!, fixture.Tokens.Generate("alice", ["admin"], [], TimeSpan.FromHours(1)));
        var admin = NewRunner("bob");
        await StartAsync(caller, "deploy");
        var run = await Scripted.NextAsync(Token);
        fixture.Time.Advance(TimeSpan.FromDays(1));
        using OsapiClient own = new(fixture.Http.BaseAddress!, run.Token);
        var position = (await own.Run.AppendAsync(new() { Id = run.Id, Runner = run.Runner, After = run.Position, Batch = RunId.New(), Entries = [PlanRunner.Ended("config", null, "changed")] }, cancellationToken: Token)).Position;

        await admin.Client.Token.RevokeAsync(bySubject ? new() { Subject = "alice" } : new() { Id = new JsonWebToken(await run.Token(Token)).Id }, cancellationToken: Token);

        while (await StatusOfAsync(caller.Id) != RunStatus.Cancelled)
            Token.ThrowIfCancellationRequested();
        var over = (await admin.Client.Run.JournalAsync(new() { Id = caller.Id, After = position }, cancellationToken: Token)).Items[^1].Entries[^1];
        Assert.Equal((JournalEntryKind.Over, "cancelled", "the token of alice was revoked"), (over.Kind, over.Status, over.Reason));
        Assert.True(run.LetGo.IsCancellationRequested);
    }

    [Fact]
    public async Task A_runner_that_fails_is_tried_again_and_a_plan_that_cannot_be_run_has_failed()
    {
        var caller = NewRunner();
        await StartAsync(caller, "deploy");
        var first = await Scripted.NextAsync(Token);
        ScriptedPlans.Answer(first, new InvalidOperationException("the controller is busy"));
        DetachedRun? second = null;
        while (second is null)
        {
            fixture.Time.Advance(TimeSpan.FromSeconds(2));
            second = Scripted.TryNext();
            await Task.Yield();
            Token.ThrowIfCancellationRequested();
        }

        Assert.NotEqual(first.Runner, second.Runner);
        ScriptedPlans.Answer(second, "its plan cannot be read: plan.yaml:1: no");
        while (await StatusOfAsync(caller.Id) != RunStatus.Failed)
            Token.ThrowIfCancellationRequested();
        var entries = (await caller.Client.Run.JournalAsync(new() { Id = caller.Id }, cancellationToken: Token)).Items.SelectMany(batch => batch.Entries);
        Assert.Equal("its plan cannot be read: plan.yaml:1: no", entries.Last().Reason);
    }

    [Fact]
    public async Task Of_two_controllers_one_runs_each_plan()
    {
        ScriptedPlans others = new();
        await fixture.AddControllerAsync(options => options with { MaxDetachedRuns = 100, RunDetached = others.RunAsync });
        List<PlanRunner> callers = [.. Enumerable.Range(0, 20).Select(_ => NewRunner())];
        await Task.WhenAll(callers.Select((caller, i) => StartAsync(caller, $"plan-{i}")));

        List<DetachedRun> runs = [];
        while (runs.Count < callers.Count)
        {
            var run = Scripted.TryNext() ?? others.TryNext();
            if (run is null)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, Token);
                continue;
            }

            runs.Add(run);
            await EndAsync(run);
        }

        Assert.Equal(callers.Select(caller => caller.Id.Value).Order(), runs.Select(run => run.Id.Value).Order());
        foreach (var caller in callers)
            Assert.Equal(RunStatus.Succeeded, await StatusOfAsync(caller.Id));
        Assert.Null(Scripted.TryNext() ?? others.TryNext());
    }

    private static Task StartAsync(PlanRunner caller, string plan, Func<StartRun, StartRun>? with = null) => caller.StartAsync(plan, TestContext.Current.CancellationToken, request =>
    {
        request = request with
        {
            Files = [new("/plans/plan.yaml", "name: deploy")],
            Detached = new() { Secrets = new Dictionary<string, string> { ["password"] = "open sesame" }, Environment = new Dictionary<string, string> { ["SAID"] = "then" } },
        };
        return with?.Invoke(request) ?? request;
    });

    private static IEnumerable<string> GrantedBy(JsonWebToken token) =>
        token.Claims.Where(claim => claim.Type is "roles" or "permissions" or "targets" or "operations").Select(claim => $"{claim.Type}: {claim.Value}").Order();

    private async Task EndAsync(DetachedRun run)
    {
        using OsapiClient client = new(fixture.Http.BaseAddress!, run.Token);
        await client.Run.AppendAsync(new() { Id = run.Id, Runner = run.Runner, After = run.Position, Batch = RunId.New(), Entries = [PlanRunner.Over("succeeded")] }, cancellationToken: Token);
        ScriptedPlans.AnswerOf(run).TrySetResult(null);
    }

    private Task<Message?> StoredAsync(RunId id) => fixture.Transport.LastAsync(StreamName.Runs, RunSubjects.Inputs(id), Token);
}
