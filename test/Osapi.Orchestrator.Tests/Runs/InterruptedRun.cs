using Osapi.Operations;
using Osapi.Operations.Runs;

namespace Osapi.Orchestrator.Tests.Runs;

/// <summary>A run of a plan whose runner is killed at a call, and which another runner goes on with.</summary>
internal static class InterruptedRun
{
    public static readonly RunId Id = RunId.New();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Creates a controller on whose hosts everything succeeds and changes something.</summary>
    public static RecordedController NewController() => new(1) { Outcome = (_, _, _) => Outcome.Ok, Changes = (_, _, _) => true };

    public static Plan Build(KillableInvoker invoker, Action<Plan> tasks, RunOptions run)
    {
        Plan plan = new(new(invoker), new() { Run = run });
        tasks(plan);
        return plan;
    }

    /// <summary>Runs a plan whose runner is killed at a submission of a job.</summary>
    public static Task KillAsync(RecordedController controller, Action<Plan> tasks, int killAt, bool arrives) => KillAsync(controller, tasks, killAt, arrives, new() { Plan = "rules", Id = Id });

    /// <inheritdoc cref="KillAsync(RecordedController, Action{Plan}, int, bool)"/>
    public static async Task KillAsync(RecordedController controller, Action<Plan> tasks, int killAt, bool arrives, RunOptions run)
    {
        KillableInvoker invoker = new(controller, killAt, arrives) { CountsSubmissions = true };
        _ = Build(invoker, tasks, run).RunAsync(Token);
        await invoker.Killed.WaitAsync(Token);
    }

    /// <summary>Runs a plan to its end.</summary>
    public static Task<Report> RunAsync(RecordedController controller, Action<Plan> tasks) => ResumeAsync(controller, tasks, new() { Plan = "rules", Id = Id });

    public static Task<Report> ResumeAsync(RecordedController controller, Action<Plan> tasks, RunOptions? run = null) =>
        Build(new(controller, int.MaxValue, arrives: true), tasks, run ?? new() { Plan = "rules", Resume = Id }).RunAsync(Token);
}
