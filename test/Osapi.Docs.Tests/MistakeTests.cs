namespace Osapi.Docs.Tests;

/// <summary>The most common mistakes in a plan are compiler errors that state the correct call.</summary>
public sealed class MistakeTests
{
    private const string Around = """
        using Osapi.Client; using Osapi.Operations; using Osapi.Operations.Health; using Osapi.Operations.Jobs; using Osapi.Operations.Node; using Osapi.Orchestrator;
        Plan plan = new(client: null);
        static Task<Result> BodyAsync(OsapiClient client, CancellationToken cancellationToken) => Task.FromResult(new Result());

        """;

    private const string IsFunction = "Add a function with plan.TaskFunc(name, body).";
    private const string IsFunctionWithResults = "Add a function that reads results with plan.TaskFuncWithResults(name, body).";
    private const string TakesNoTarget = "This operation runs on the controller and takes no target:";
    private const string NeedsTarget = "This operation runs on hosts and needs a target, such as \"_any\" or \"web-01\":";

    [Theory]
    [InlineData("plan.Task(\"a\", async (client, cancellationToken) => { await client.Health.LivenessAsync(); return new Result(); });", IsFunction)]
    [InlineData("plan.Task(\"a\", (client, cancellationToken) => new Result());", IsFunction)]
    [InlineData("plan.Task(\"a\", client => new Result());", IsFunction)]
    [InlineData("plan.Task(\"a\", (client, cancellationToken) => throw new TimeoutException());", IsFunction)]
    [InlineData("plan.Task(\"a\", BodyAsync).DependsOn(plan.Task(\"b\", NodeOperations.Os, \"_any\"));", IsFunction)]
    [InlineData("plan.Task(\"a\", async (client, results, cancellationToken) => { await client.Health.LivenessAsync(); return new Result(); });", IsFunctionWithResults)]
    [InlineData("plan.Task(\"a\", (client, results, cancellationToken) => new Result());", IsFunctionWithResults)]
    [InlineData("plan.Task(\"a\", HealthOperations.Liveness, \"_any\");", TakesNoTarget)]
    [InlineData("plan.Task(\"a\", JobOperations.List, Target.All, new ListJobs { Limit = 5 }).OnlyIfFailed();", TakesNoTarget)]
    [InlineData("plan.Task(\"a\", JobOperations.List, \"_any\", new() { Limit = 5 });", TakesNoTarget)]
    [InlineData("plan.Task(\"a\", NodeOperations.Hostname);", NeedsTarget)]
    [InlineData("plan.Task(\"a\", NodeOperations.Hostname, new());", NeedsTarget)]
    [InlineData("plan.Task(\"a\", NodeOperations.Hostname, new GetHostname()).OnlyIfChanged();", NeedsTarget)]
    public void A_mistake_is_one_error_that_says_what_to_write(string mistake, string says)
    {
        var error = Assert.Single(Compiler.ErrorsOf(Around + mistake));

        Assert.Equal("CS0619", error.Id);
        Assert.Contains(says, error.GetMessage(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plan.TaskFunc(\"a\", BodyAsync);")]
    [InlineData("plan.Task(\"a\", HealthOperations.Liveness);")]
    [InlineData("plan.Task(\"a\", JobOperations.List, new());")]
    [InlineData("plan.Task(\"a\", JobOperations.List, new() { Limit = 5 });")]
    [InlineData("plan.Task(\"a\", NodeOperations.Hostname, \"_any\");")]
    [InlineData("plan.Task(\"a\", NodeOperations.Hostname, Target.All, new());")]
    [InlineData("Operation any = NodeOperations.Hostname; plan.Task(\"a\", any, null, new GetHostname()); plan.Task(\"b\", any, \"_any\", new GetHostname());")]
    public void Correct_calls_compile(string line) => Assert.Empty(Compiler.ErrorsOf(Around + line));
}
