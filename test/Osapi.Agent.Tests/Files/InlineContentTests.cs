using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Tests.Files;

/// <summary>Tests of deployments whose request carries the content, and of files that are only created.</summary>
public sealed class InlineContentTests : FileTest
{
    private DeployFile Request(string content, FileContentType type = FileContentType.Raw) => new() { Content = content, Path = fixture.PathOf("app.conf"), ContentType = type };

    [Fact]
    public async Task Content_of_the_request_is_deployed_once_and_drift_is_repaired()
    {
        var request = Request("port = 80\n");

        Assert.Contains("+port = 80", (await fixture.CheckAsync(request)).Diff, StringComparison.Ordinal);
        Assert.Equal(["missing"], (await fixture.DeployAsync(request)).Differences!);
        var snapshot = fixture.Snapshot();
        Assert.False((await fixture.CheckAsync(request)).Changed);
        Assert.False((await fixture.DeployAsync(request)).Changed);
        Assert.Equal(snapshot, fixture.Snapshot());
        fixture.Write("app.conf", "port = 81\n");
        Assert.Equal(["content"], (await fixture.DeployAsync(request)).Differences!);
        Assert.Equal("port = 80\n", fixture.Read("app.conf"));
    }

    [Fact]
    public async Task Content_can_be_empty_or_a_template_and_is_known_to_status_and_undeploy()
    {
        Assert.Equal(0, (await fixture.DeployAsync(Request(""))).Size);
        await fixture.DeployAsync(Request("on {{ hostname }} é\n", FileContentType.Template));

        Assert.Equal("on web-01 é\n", fixture.Read("app.conf"));
        var status = await fixture.StatusAsync();
        Assert.Equal(("in-sync", null), (status.Status, status.ObjectName));
        Assert.True((await fixture.UndeployAsync()).Changed);
    }

    [Fact]
    public async Task A_mistake_in_an_inline_template_is_named_like_the_member() =>
        Assert.Contains("content", (await fixture.FailAsync(Request("{{ vars.none }}", FileContentType.Template), ErrorType.Invalid)).Error, StringComparison.Ordinal);

    [Fact]
    public async Task Exactly_one_source_of_the_content_is_required_and_all_mistakes_are_named()
    {
        var neither = await fixture.FailAsync(Request("") with { Content = null }, ErrorType.Invalid);
        var both = await fixture.FailAsync(Request("x") with { ObjectName = "app.conf" }, ErrorType.Invalid);
        var large = await fixture.FailAsync(Request(new('é', 600_000)), ErrorType.Invalid);
        var check = await fixture.FailAsync(Request("x") with { CheckContent = "eA==" }, ErrorType.Invalid);

        Assert.Equal("object_name is required, or content", neither.Error);
        Assert.Equal("content must not be given together with object_name", both.Error);
        Assert.Equal("content must have at most 1048576 bytes in UTF-8", large.Error);
        Assert.Equal("check_content must not be given together with content", check.Error);
    }

    [Fact]
    public async Task A_file_that_exists_is_left_as_it_is_and_not_taken_over()
    {
        fixture.Write("app.conf", "by hand\n");
        var snapshot = fixture.Snapshot();
        var request = Request("new\n") with { OnlyIfMissing = true, Mode = "0600", Validate = FileValidation.Json };

        Assert.False((await fixture.CheckAsync(request)).Changed);
        var left = await fixture.DeployAsync(request);

        Assert.Equal((false, true, 8L), (left.Changed, left.Left, left.Size));
        Assert.Equal(snapshot, fixture.Snapshot());
        // It is not a deployed file, which undeploy would remove.
        Assert.Equal("missing", (await fixture.StatusAsync()).Status);
        Assert.Equal((false, true), await fixture.UndeployAsync() is var kept ? (kept.Changed, kept.Left!.Value) : default);
    }

    [Fact]
    public async Task A_missing_file_is_created_and_then_left_to_its_editors()
    {
        var request = Request("first\n") with { OnlyIfMissing = true };

        Assert.True((await fixture.CheckAsync(request)).Changed);
        Assert.True((await fixture.DeployAsync(request)).Changed);
        fixture.Write("app.conf", "edited\n");
        Assert.Equal((false, true), await fixture.DeployAsync(request) is var left ? (left.Changed, left.Left!.Value) : default);
        Assert.Equal("edited\n", fixture.Read("app.conf"));
        File.Delete(fixture.PathOf("app.conf"));
        Assert.Null((await fixture.DeployAsync(request)).Left);
    }

    [Fact]
    public async Task A_link_or_a_directory_in_its_place_stays_a_conflict()
    {
        File.CreateSymbolicLink(fixture.PathOf("app.conf"), "/nowhere");

        await fixture.FailAsync(Request("x") with { OnlyIfMissing = true }, ErrorType.Conflict);
    }
}
