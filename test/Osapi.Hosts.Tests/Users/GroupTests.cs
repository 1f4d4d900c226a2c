using Osapi.Hosts.Tests.Hosts;
using Osapi.Operations;
using Osapi.Operations.Groups;

namespace Osapi.Hosts.Tests.Users;

/// <summary>Tests of groups, with the tools of a real host.</summary>
[Collection("hosts, one class after the other")]
public sealed class GroupTests(LightHosts hosts) : IClassFixture<LightHosts>
{
    [Fact]
    public async Task A_group_is_created_with_its_members_and_is_listed()
    {
        var host = await FreshAsync();

        var reply = await host.StepAsync(GroupOperations.Update, new() { Name = "acme", Gid = 4200, Members = ["daemon", "bin"] }, changes: true);
        var listed = Assert.Single((await host.ResultAsync(GroupOperations.List, new() { Name = "acme" })).Groups);
        var found = await host.ResultAsync(GroupOperations.Get, new() { Name = "acme" });

        Assert.Equal("""{"gid":4200,"members":["daemon","bin"]}""", reply.Check!.After!.Value.GetRawText());
        Assert.Equal(("acme", 4200L, "daemon,bin", false, true), (listed.Name, listed.Gid, string.Join(',', listed.Members), listed.System, listed.Local));
        Assert.Equal(listed.Members, found.Members);
        Assert.Contains("acme", (await host.MustAsync("id", "-Gn", "bin")).Split(' '));
        await host.RefusedAsync(GroupOperations.Get, new() { Name = "acme-none" }, ErrorType.NotFound, "there is no group acme-none on this host");
    }

    [Fact]
    public async Task Members_are_added_and_removed_only_when_that_is_said()
    {
        var host = await FreshAsync("groupadd acme; gpasswd -M daemon acme");

        await host.StepAsync(GroupOperations.Update, new() { Name = "acme", Members = ["bin"] }, changes: true);
        await host.StepAsync(GroupOperations.Update, new() { Name = "acme", Members = ["daemon"] }, changes: false);
        await host.StepAsync(GroupOperations.Update, new() { Name = "acme", Members = ["bin"], MembersExclusive = true }, changes: true);
        Assert.Equal("bin", await host.FieldAsync("/etc/group", "acme", 4));
        await host.StepAsync(GroupOperations.Update, new() { Name = "acme", Members = [], MembersExclusive = true }, changes: true);
        Assert.Equal("", await host.FieldAsync("/etc/group", "acme", 4));
        await host.RefusedAsync(GroupOperations.Update, new() { Name = "acme", Members = ["acme-no", "bin", "acme-none"] }, ErrorType.NotFound, "there is no user acme-no, acme-none on this host");
    }

    [Fact]
    public async Task A_user_whose_primary_group_it_is_needs_no_entry()
    {
        var host = await FreshAsync("useradd acme");

        await host.StepAsync(GroupOperations.Update, new() { Name = "acme", Members = ["acme"] }, changes: false);
    }

    [Fact]
    public async Task A_number_that_is_taken_is_a_conflict_and_a_new_name_has_no_capital_letters()
    {
        var host = await FreshAsync("groupadd -g 4200 acme");

        await host.RefusedAsync(GroupOperations.Update, new() { Name = "acme-two", Gid = 4200 }, ErrorType.Conflict, "the number 4200 is that of the group acme");
        await host.RefusedAsync(GroupOperations.Update, new() { Name = "acme", Gid = 0 }, ErrorType.Conflict, "the number 0 is that of the group root");
        await host.RefusedAsync(GroupOperations.Update, new() { Name = "Acme" }, ErrorType.Invalid, "a new one must have a name without capital letters");
    }

    [Fact]
    public async Task A_group_of_the_system_has_a_low_number_and_a_change_of_the_number_takes_its_users_along()
    {
        var host = await FreshAsync("groupadd -g 4200 acme-two; useradd -g acme-two acme");

        await host.StepAsync(GroupOperations.Update, new() { Name = "acme", System = true }, changes: true);
        await host.StepAsync(GroupOperations.Update, new() { Name = "acme-two", Gid = 4201 }, changes: true);

        Assert.True((await host.ResultAsync(GroupOperations.Get, new() { Name = "acme" })).System);
        Assert.Equal("4201", await host.MustAsync("id", "-g", "acme"));
    }

    [Fact]
    public async Task A_primary_group_is_not_deleted_and_its_users_are_named()
    {
        var host = await FreshAsync("useradd acme; useradd -g acme acme-two");

        await host.RefusedAsync(GroupOperations.Delete, new() { Name = "acme" }, ErrorType.Conflict, "the group acme is the primary group of acme, acme-two and is not deleted");
        await host.StepAsync(GroupOperations.Delete, new() { Name = "acme-none" }, changes: false);
    }

    private async Task<LightHost> FreshAsync(string prepare = "true")
    {
        var host = await hosts.GetAsync("h1");
        await host.RunAsync("sh", "-c", "for each in $(grep ^acme /etc/passwd | cut -d: -f1); do userdel -rf $each; done; for each in $(grep ^acme /etc/group | cut -d: -f1); do groupdel $each; done");
        await host.ShellAsync(prepare);
        return host;
    }
}
