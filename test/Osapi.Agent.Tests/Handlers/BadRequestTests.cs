using System.Text;
using Osapi.Agent.Handlers;
using Osapi.Agent.Tests.Hosts;
using Osapi.Operations;
using Osapi.Operations.Json;
using Osapi.Tests;

namespace Osapi.Agent.Tests.Handlers;

/// <summary>
/// Tests that the agent refuses invalid requests itself, before any handler sees them, even if a controller should have
/// refused them.
/// </summary>
public sealed class BadRequestTests
{
    public static TheoryData<string> Ids => [.. AgentHandlers.All.Select(operation => operation.Id)];

    [Theory, MemberData(nameof(Ids))]
    public async Task An_invalid_request_is_refused_with_the_controllers_messages(string id)
    {
        var row = AgentHandlers.All.Find(id)!;
        // An empty tree, whose tools and mounts must not be used.
        using PreparedTree tree = new();
        OperationExecutor execution = new(AgentHandlers.All, tree.Host);

        foreach (var bad in BadRequests.Of(row.Operation))
        {
            var json = Encoding.UTF8.GetBytes(bad.Members.ToJsonString());
            var entry = await execution.RunAsync(id, json, check: false, TestContext.Current.CancellationToken);

            Assert.Equal((Outcome.Failed, ErrorType.Invalid, false), (entry.Outcome, entry.ErrorType, entry.Changed));
            Assert.Null(entry.Result);
            // The host lists its facts when it refuses an unknown one.
            if (!bad.What.EndsWith("an unknown fact", StringComparison.Ordinal))
                Assert.Equal(RequestBinder.BindResolved(row.Operation.RequestInfo, json).Text, entry.Error);
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(tree.Full("")));
    }
}
