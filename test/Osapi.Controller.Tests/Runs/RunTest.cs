using Osapi.Operations.Runs;

namespace Osapi.Controller.Tests.Runs;

/// <summary>A test with a controller whose clock stands, and runners of it.</summary>
public abstract class RunTest : ControllerTest
{
    private readonly List<PlanRunner> runners = [];

    private protected RunTest(params IReadOnlyList<AgentSetup> agents) : base(agents)
    {
    }

    private protected RunTest(ControllerSetup setup) : base(setup)
    {
    }

    private protected CancellationToken Token => fixture.TestTimeout;

    private protected PlanRunner NewRunner(string caller = "alice", params IReadOnlyList<string> roles) =>
        Register(new(fixture.Http.BaseAddress!, fixture.Tokens.Generate(caller, roles is { Count: > 0 } ? roles : ["admin"], [], TimeSpan.FromHours(10_000))));

    /// <summary>Ends a runner with the test.</summary>
    private protected PlanRunner Register(PlanRunner runner)
    {
        runners.Add(runner);
        return runner;
    }

    /// <summary>Starts a run of a plan whose runner then dies.</summary>
    private protected async Task<PlanRunner> InterruptedAsync(string plan, params IReadOnlyList<JournalEntry> entries)
    {
        var runner = NewRunner();
        await runner.StartAsync(plan, Token);
        await runner.ListenAsync(Token);
        if (entries.Count > 0)
            await runner.AppendAsync(Token, entries);
        await InterruptAsync(runner);
        return runner;
    }

    private protected async Task InterruptAsync(PlanRunner runner)
    {
        await runner.DieAsync();
        while (await StatusOfAsync(runner.Id) != RunStatus.Interrupted)
            Token.ThrowIfCancellationRequested();
    }

    private protected async Task<RunStatus> StatusOfAsync(RunId id) => (await runners[0].Client.Run.GetAsync(id, cancellationToken: Token)).Status;

    private protected static string Text(IEnumerable<OwedStep> steps) => string.Join(", ", steps.Select(step => $"{step.Task}@{step.Host}"));

    public override async ValueTask DisposeAsync()
    {
        foreach (var runner in runners)
        {
            await runner.DieAsync();
            runner.Dispose();
        }

        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
