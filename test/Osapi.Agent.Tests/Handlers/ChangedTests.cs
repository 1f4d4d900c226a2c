using Osapi.Agent.Handlers;
using Osapi.Operations;

namespace Osapi.Agent.Tests.Handlers;

public sealed class ChangedTests
{
    private readonly ExecutionFixture fixture = new();

    [Theory]
    [InlineData("act.look.get", false, false)]
    [InlineData("act.look.get", true, false)]
    [InlineData("act.set.update", false, false)]
    [InlineData("act.set.update", true, true)]
    [InlineData("act.run.execute", false, true)]
    [InlineData("act.run.execute", true, true)]
    public async Task Read_only_never_changes_non_idempotent_always_does_and_idempotent_reports_it(string operation, bool said, bool changed)
    {
        var entry = await fixture.RunAsync(Of(operation), () => new ActResult("", said));

        Assert.Equal(changed, entry.Changed);
    }

    [Theory]
    [InlineData("act.look.get", ErrorType.Failed, false)]
    [InlineData("act.set.update", ErrorType.Failed, false)]
    [InlineData("act.run.execute", ErrorType.Failed, true)]
    [InlineData("act.run.execute", ErrorType.NotFound, false)]
    [InlineData("act.run.execute", ErrorType.Conflict, false)]
    [InlineData("act.run.execute", ErrorType.Invalid, false)]
    [InlineData("act.run.execute", ErrorType.Unavailable, false)]
    public async Task A_failed_act_may_have_changed_something_a_refused_one_has_not(string operation, ErrorType type, bool changed)
    {
        var entry = await fixture.RunAsync(Of(operation), () => throw new OperationException(type, "no"));

        Assert.Equal(changed, entry.Changed);
    }

    [Fact]
    public async Task A_failed_result_still_says_what_it_changed()
    {
        var entry = await fixture.RunAsync(Acts.Set, () => HandlerResult<ActResult>.Failed(new("", Changed: true), "only half"));

        Assert.True(entry.Changed);
    }

    private static Operation<Act, ActResult> Of(string id) => new[] { Acts.Look, Acts.Set, Acts.Run }.Single(operation => operation.Id == id);
}
