using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Tests.Sample;
using Osapi.Operations;

namespace Osapi.Agent.Tests.Handlers;

public sealed class HandlerLawTests
{
    [Fact]
    public void Every_operation_of_hosts_has_a_handler_and_no_handler_lacks_an_operation()
    {
        var operations = OperationCatalog.Default.Where(operation => operation.RunsOn == RunsOn.Host).Select(operation => operation.Id).Order();

        Assert.Equal(operations, AgentHandlers.All.Select(operation => operation.Id).Order());
    }

    [Fact]
    public void A_second_handler_of_an_operation_is_refused()
    {
        HandlerTable table = new Workshop().Handlers;

        Assert.Throws<ArgumentException>(() => table.Add(WorkOperations.Act, (work, _, _) => Task.FromResult<Answer<WorkDone>>(new WorkDone(work.Name, false))));
        Assert.Throws<ArgumentException>(() => table.Add(new Workshop().Handlers));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Every_handler_answers_the_example_request_on_this_machine(string id)
    {
        Assert.True(OperationCatalog.Default.TryFind(id, out var operation));
        var request = System.Text.Json.JsonSerializer.SerializeToElement(operation.ExamplePair.Request, operation.RequestInfo);

        var entry = await new Execution(AgentHandlers.All, new Host { Name = "here" }).RunAsync(id, request, TestContext.Current.CancellationToken);

        Assert.Equal((Outcome.Ok, null, "here"), (entry.Outcome, entry.Error, entry.Hostname));
        Assert.NotNull(System.Text.Json.JsonSerializer.Deserialize(entry.Result!.Value, operation.ResultInfo));
    }

    public static TheoryData<string> Ids =>
        [.. OperationCatalog.Default.Where(operation => operation.RunsOn == RunsOn.Host && operation.Idempotency == Idempotency.ReadOnly).Select(operation => operation.Id)];
}
