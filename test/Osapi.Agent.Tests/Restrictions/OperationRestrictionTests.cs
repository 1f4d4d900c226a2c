using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Operations;

namespace Osapi.Agent.Tests.Restrictions;

/// <summary>Tests of an agent whose configuration denies operations, for every operation that a controller can send.</summary>
public sealed class OperationRestrictionTests
{
    public static TheoryData<string> HostOperations => [.. OperationCatalog.Default.Where(operation => operation.RunsOn == RunsOn.Host).Select(operation => operation.Id)];

    [Theory, MemberData(nameof(HostOperations))]
    public async Task A_denied_operation_is_refused_before_its_request_is_read(string id)
    {
        foreach (var pattern in (string[])[id, id[..id.IndexOf('.', StringComparison.Ordinal)] + ".*", "*"])
        {
            AgentRestrictions denied = new() { Allow = new() { Operations = ["*"] }, Deny = new() { Operations = ["node.none", pattern] } };
            foreach (var isCheck in (bool[])[false, true])
            {
                var entry = await RunAsync(denied, id, isCheck);

                Assert.Equal((Outcome.Failed, ErrorType.Denied, false), (entry.Outcome, entry.ErrorType, entry.Changed));
                Assert.Equal($"denied by the agent's configuration: agent.deny.operations lists {pattern}", entry.Error);
            }
        }
    }

    [Theory, MemberData(nameof(HostOperations))]
    public async Task What_an_allow_list_lacks_is_refused(string id)
    {
        var other = HostOperations.Select(row => row.Data).First(candidate => candidate != id);
        foreach (var listed in (string[][])[[], [other], [id + "x", id[1..]]])
        {
            var entry = await RunAsync(new() { Allow = new() { Operations = listed } }, id, check: false);

            Assert.Equal(ErrorType.Denied, entry.ErrorType);
            Assert.EndsWith($"agent.allow.operations does not list {id}", entry.Error, StringComparison.Ordinal);
        }
    }

    [Theory, MemberData(nameof(HostOperations))]
    public async Task An_allowed_operation_is_not_denied(string id)
    {
        var entry = await RunAsync(new() { Allow = new() { Operations = [id] }, Deny = new() { Operations = [id + ".x"] } }, id, check: true, "[]");

        // Read, and found to be no request.
        Assert.Equal(ErrorType.Invalid, entry.ErrorType);
    }

    [Theory, MemberData(nameof(HostOperations))]
    public async Task Packages_and_accounts_are_not_changed_where_that_could_evade_a_list(string id)
    {
        RestrictionLists[] lists = [new() { Commands = ["/usr/bin/true"] }, new() { Paths = ["/srv"] }, new() { Users = ["www-data"] }, new() { Images = ["alpine"] }];
        var changes = OperationCatalog.Default.Single(operation => operation.Id == id) is { Family: "package" or "user" or "group", Idempotency: not Idempotency.ReadOnly };
        foreach (var list in lists)
            foreach (AgentRestrictions limited in (AgentRestrictions[])[new() { Allow = list }, new() { Deny = list }])
            {
                var entry = await RunAsync(limited, id, check: true, "[]");
                var allowed = await RunAsync(limited with { Allow = limited.Allow with { Operations = [id] } }, id, check: true, "[]");

                Assert.Equal(changes ? ErrorType.Denied : ErrorType.Invalid, entry.ErrorType);
                Assert.Equal(ErrorType.Invalid, allowed.ErrorType);
            }
    }

    private static Task<HostReply> RunAsync(AgentRestrictions restrictions, string id, bool check, string request = "not even JSON") =>
        new OperationExecutor(AgentHandlers.All, new Host { Name = "web-01", Restrictions = restrictions })
            .RunAsync(id, System.Text.Encoding.UTF8.GetBytes(request), check, TestContext.Current.CancellationToken);
}
