using Osapi.Agent.Hosts.Restrictions;
using Osapi.Agent.Tests.Files;
using Osapi.Operations;
using Osapi.Operations.Docker;
using Osapi.Operations.Files;

namespace Osapi.Agent.Tests.Restrictions;

/// <summary>Tests of an agent whose configuration limits the paths of the host.</summary>
public sealed class PathRestrictionTests : FileTest
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await fixture.StoreAsync("app.conf", "new");
        foreach (var name in (string[])["open", "closed", "closed/inner", "closedness"])
            Directory.CreateDirectory(fixture.PathOf(name));
        Directory.CreateSymbolicLink(fixture.PathOf("open/link"), fixture.PathOf("closed"));
        Directory.CreateSymbolicLink(fixture.PathOf("alias"), "closed/inner");
        fixture.Restrictions = new() { Deny = new() { Paths = [fixture.PathOf("closed")] } };
    }

    [Theory]
    [InlineData("closed/app.conf")]
    [InlineData("closed/inner/app.conf")]
    [InlineData("closed/new/deep/app.conf")]
    [InlineData("open/link/app.conf")]
    [InlineData("open/link/inner/app.conf")]
    [InlineData("open/link/new/app.conf")]
    [InlineData("alias/app.conf")]
    public async Task A_denied_directory_is_denied_whatever_path_leads_to_it(string name)
    {
        var before = fixture.Snapshot();
        var request = fixture.Request(name) with { CreateParents = true, FollowLinks = true };

        foreach (var isCheck in (bool[])[true, false])
        {
            var entry = await fixture.RunAsync(FileOperations.Deploy, request, isCheck);
            Assert.Equal((Outcome.Failed, ErrorType.Denied, false), (entry.Outcome, entry.ErrorType, entry.Changed));
            Assert.EndsWith($"is in {fixture.PathOf("closed")}, which agent.deny.paths lists", entry.Error, StringComparison.Ordinal);
        }

        Assert.Equal(before, fixture.Snapshot());
    }

    [Theory]
    [InlineData("closedness/app.conf")]
    [InlineData("open/app.conf")]
    [InlineData("open/closed/app.conf")]
    public async Task A_name_that_only_resembles_a_denied_one_is_not_denied(string name)
    {
        await fixture.DeployAsync(fixture.Request(name) with { CreateParents = true });

        Assert.Equal("new", fixture.Read(name));
    }

    [Fact]
    public async Task A_link_in_the_list_denies_the_place_behind_it_too()
    {
        fixture.Restrictions = new() { Deny = new() { Paths = [fixture.PathOf("alias")] } };

        await fixture.FailAsync(fixture.Request("closed/inner/app.conf"), ErrorType.Denied);
        await fixture.FailAsync(fixture.Request("alias/app.conf"), ErrorType.Denied);
        await fixture.DeployAsync(fixture.Request("closed/app.conf"));
    }

    [Fact]
    public async Task A_denied_file_can_be_neither_looked_at_nor_removed()
    {
        fixture.Restrictions = new();
        await fixture.DeployAsync(fixture.Request("closed/app.conf"));
        fixture.Restrictions = new() { Deny = new() { Paths = [fixture.PathOf("closed/app.conf")] } };

        var status = await fixture.RunAsync(FileOperations.Status, new() { Path = fixture.PathOf("closed/app.conf") });
        var removal = await fixture.RunAsync(FileOperations.Undeploy, new() { Path = fixture.PathOf("closed/app.conf"), Force = true });

        Assert.Equal((ErrorType.Denied, ErrorType.Denied), (status.ErrorType, removal.ErrorType));
        Assert.Equal("new", fixture.Read("closed/app.conf"));
    }

    [Fact]
    public async Task An_allow_list_denies_everything_else_also_behind_a_link_out_of_it()
    {
        fixture.Restrictions = new() { Allow = new() { Paths = [fixture.PathOf("open")] } };

        await fixture.FailAsync(fixture.Request("closed/app.conf"), ErrorType.Denied);
        await fixture.FailAsync(fixture.Request("openness/app.conf") with { CreateParents = true }, ErrorType.Denied);
        await fixture.FailAsync(fixture.Request("open/link/app.conf"), ErrorType.Denied);
        await fixture.DeployAsync(fixture.Request("open/deep/app.conf") with { CreateParents = true });

        Assert.Equal(["deep", "link"], Directory.GetFileSystemEntries(fixture.PathOf("open")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_credentials_file_is_a_path_too()
    {
        var entry = await fixture.RunAsync(DockerOperations.Pull, new() { Image = "alpine", CredentialsFile = fixture.PathOf("closed/config.json") });

        // The engine, if there is one, is not even asked.
        Assert.True(entry.ErrorType is ErrorType.Denied or ErrorType.Unavailable, entry.Error);
        Assert.Throws<OperationException>(() => fixture.Host.RequireAllowed(fixture.PathOf("closed/config.json")));
    }

    [Fact]
    public void A_mounted_directory_may_not_contain_a_denied_one()
    {
        Assert.Contains("contains", Assert.Throws<OperationException>(() => fixture.Host.RequireTreeAllowed(fixture.Tree)).Message, StringComparison.Ordinal);
        Assert.Throws<OperationException>(() => fixture.Host.RequireTreeAllowed("/"));
        Assert.Throws<OperationException>(() => fixture.Host.RequireTreeAllowed(fixture.PathOf("open/link/inner")));
        fixture.Host.RequireTreeAllowed(fixture.PathOf("open"));
    }
}
