using System.Text.Json;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Agent.Tests.Hosts;
using Osapi.Operations;
using Osapi.Operations.Services;

namespace Osapi.Agent.Tests.Restrictions;

/// <summary>Tests of an agent whose configuration limits what units could do.</summary>
public sealed class UnitRestrictionTests : IDisposable
{
    private const string Units = "/etc/systemd/system";

    // The beginning of what systemctl 252 prints for a unit of a package.
    private readonly PreparedTree tree = new PreparedTree { Tool = command => command.Contains(" show ", StringComparison.Ordinal) ? new(0, Shown, "") : throw new InvalidOperationException($"{command} was not to be run") }
        .With("run/systemd/system/keep", "").With("etc/systemd/system/keep", "").With("etc/systemd/system/multi-user.target.wants/keep", "").With("lib/systemd/system/web.service", "[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n");

    private const string Shown = "Type=simple\nId=web.service\nNames=web.service\nLoadState=loaded\nActiveState=inactive\nSubState=dead\nFragmentPath=/lib/systemd/system/web.service\nUnitFileState=disabled\nCanStart=yes\nCanStop=yes\nNeedDaemonReload=no\n";

    public static TheoryData<string, string> Limited => new()
    {
        { "deny.commands", "which a unit could evade" },
        { "allow.commands", "which a unit could evade" },
        { "deny.users", "which a unit could evade" },
        { "deny.images", "which a unit could evade" },
        { "deny.paths", "which a unit could evade" },
        { "allow.paths", $"is not in a path that agent.allow.paths lists" },
        { "deny.units", $"is in {Units}, which agent.deny.paths lists" },
        { "deny.units allow.units", $"is in {Units}, which agent.deny.paths lists" },
    };

    [Theory, MemberData(nameof(Limited))]
    public async Task A_unit_file_is_denied_where_it_could_evade_a_list(string lists, string reason)
    {
        foreach (var isCheck in (bool[])[true, false])
        {
            await DeniedAsync(ServiceOperations.UpdateUnit, new UpdateUnit { Name = "web", Content = "[Service]\nExecStart=/bin/true\n" }, lists, reason, isCheck);
            await DeniedAsync(ServiceOperations.UpdateUnit, new UpdateUnit { Name = "web", DropIn = "a.conf", Content = "[Service]\nExecStart=/bin/true\n" }, lists, reason, isCheck);
            await DeniedAsync(ServiceOperations.DeleteUnit, new DeleteUnit { Name = "web" }, lists, reason, isCheck);
        }

        Assert.False(File.Exists(tree.Full($"{Units}/web.service")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("allow.units")]
    [InlineData("allow.units deny.commands")]
    public async Task A_unit_file_is_allowed_without_lists_or_where_its_directory_is_listed(string lists)
    {
        var check = await RunAsync(ServiceOperations.UpdateUnit, new UpdateUnit { Name = "web", Content = "[Service]\nExecStart=/bin/true\n" }, lists, isCheck: true);

        Assert.Equal((Outcome.Ok, null, true), (check.Outcome, check.Error, check.Check!.Changed));
    }

    [Fact]
    public async Task Links_that_enable_or_mask_a_unit_are_denied_with_their_directory()
    {
        foreach (var isCheck in (bool[])[true, false])
        {
            await DeniedAsync(ServiceOperations.UpdateState, new UpdateServiceState { Name = "web", Masked = true }, "deny.units", $"{Units}/web.service is in {Units}, which agent.deny.paths lists", isCheck);
            await DeniedAsync(ServiceOperations.Enable, new EnableService { Name = "web" }, "deny.units", $"{Units}/multi-user.target.wants/web.service is in {Units}, which agent.deny.paths lists", isCheck);
            await DeniedAsync(ServiceOperations.Enable, new EnableService { Name = "web" }, "allow.paths", "is not in a path that agent.allow.paths lists", isCheck);
        }

        Assert.True((await RunAsync(ServiceOperations.Enable, new EnableService { Name = "web" }, "allow.units", isCheck: true)).Check!.Changed);
    }

    [Fact]
    public async Task An_operation_of_the_family_can_be_denied_by_its_name()
    {
        var reply = await RunAsync(ServiceOperations.Enable, new EnableService { Name = "web" }, "deny.operations", isCheck: false);

        Assert.Equal((ErrorType.Denied, "denied by the agent's configuration: agent.deny.operations lists service.*"), (reply.ErrorType, reply.Error));
    }

    public void Dispose() => tree.Dispose();

    private async Task DeniedAsync(Operation operation, object request, string lists, string reason, bool isCheck)
    {
        var reply = await RunAsync(operation, request, lists, isCheck);
        Assert.Equal((Outcome.Failed, ErrorType.Denied, false), (reply.Outcome, reply.ErrorType, reply.Changed));
        Assert.Contains(reason, reply.Error, StringComparison.Ordinal);
    }

    private async Task<HostReply> RunAsync(Operation operation, object request, string lists, bool isCheck)
    {
        var host = tree.Host with { Restrictions = new() { Allow = Lists(lists, "allow"), Deny = Lists(lists, "deny") } };
        return await new OperationExecutor(AgentHandlers.All, host).RunAsync(operation.Id, JsonSerializer.SerializeToUtf8Bytes(request, operation.RequestInfo), isCheck, TestContext.Current.CancellationToken);
    }

    private static RestrictionLists Lists(string lists, string side)
    {
        var given = lists.Split(' ');
        return new()
        {
            Operations = given.Contains($"{side}.operations") ? ["service.*"] : null,
            Commands = given.Contains($"{side}.commands") ? ["/usr/bin/true"] : null,
            Users = given.Contains($"{side}.users") ? ["nobody"] : null,
            Images = given.Contains($"{side}.images") ? ["alpine"] : null,
            Paths = given.Contains($"{side}.units") ? [Units] : given.Contains($"{side}.paths") ? ["/srv"] : null,
        };
    }
}
