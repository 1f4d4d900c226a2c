using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Operations;

namespace Osapi.Agent.Tests.Handlers;

public sealed class HandlerTableTests
{
    [Fact]
    public void Every_host_operation_has_a_handler_and_every_handler_an_operation()
    {
        var declared = OperationCatalog.Default.Where(operation => operation.RunsOn == RunsOn.Host).Select(operation => operation.Id).Order();

        Assert.Equal(declared, AgentHandlers.All.Select(operation => operation.Id).Order());
    }

    [Fact]
    public void An_operation_with_two_handlers_is_refused_by_name()
    {
        HandlerTable table = new() { { Acts.Look, AnswerAsync } };

        var error = Assert.Throws<ArgumentException>(() => table.Add(Acts.Look, AnswerAsync));

        Assert.StartsWith("The operation act.look.get has two handlers.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_families_with_the_same_operation_are_refused_too()
    {
        HandlerTable family = new() { { Acts.Look, AnswerAsync } };

        Assert.Throws<ArgumentException>(() => new HandlerTable { family, family });
    }

    [Fact]
    public void A_joined_table_finds_what_its_families_hold()
    {
        HandlerTable table = new() { new HandlerTable { { Acts.Look, AnswerAsync } }, new HandlerTable { { Acts.Set, AnswerAsync } } };

        Assert.Equal([Acts.Look.Id, Acts.Set.Id], table.Select(operation => operation.Id));
        Assert.Same(Acts.Set, table.Find("act.set.update")?.Operation);
        Assert.Null(table.Find("act.run.execute"));
    }

    private static Task<ActResult> AnswerAsync(Act request, Host host, CancellationToken cancellationToken) => Task.FromResult(new ActResult(""));
}
