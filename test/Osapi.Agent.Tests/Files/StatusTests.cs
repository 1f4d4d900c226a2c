using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Tests.Files;

public sealed class StatusTests : FileTest
{
    [Fact]
    public async Task Nothing_deployed_is_missing_also_where_a_file_is()
    {
        fixture.Write("app.conf", "by hand");

        var status = await fixture.StatusAsync();

        Assert.Equal("missing", status.Status);
        Assert.Null(status.ObjectName);
    }

    [Fact]
    public async Task A_deployed_file_is_in_sync()
    {
        await fixture.DeployAsync("x", mode: "640");

        var status = await fixture.StatusAsync();

        Assert.Equal(("in-sync", "app.conf", "0640"), (status.Status, status.ObjectName, status.Mode));
        Assert.Null(status.Differences);
        Assert.Equal("2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881", status.Sha256);
        Assert.Equal(fixture.Time.GetUtcNow(), status.DeployedAt);
    }

    [Fact]
    public async Task Everything_that_differs_is_named()
    {
        await fixture.DeployAsync("x", mode: "0640");
        fixture.Write("app.conf", "y");
        File.SetUnixFileMode(fixture.PathOf("app.conf"), UnixFileMode.UserRead);

        var status = await fixture.StatusAsync();

        Assert.Equal("drifted", status.Status);
        Assert.Equal(["content", "mode"], status.Differences);
        Assert.Equal("0400", status.Mode);
    }

    [Fact]
    public async Task Properties_that_were_not_requested_are_not_compared()
    {
        await fixture.DeployAsync("x");
        File.SetUnixFileMode(fixture.PathOf("app.conf"), UnixFileMode.UserRead);

        Assert.Equal("in-sync", (await fixture.StatusAsync()).Status);
    }

    [Fact]
    public async Task A_removed_file_is_missing()
    {
        await fixture.DeployAsync("x");
        File.Delete(fixture.PathOf("app.conf"));

        var status = await fixture.StatusAsync();

        Assert.Equal(("missing", "app.conf"), (status.Status, status.ObjectName));
    }

    [Fact]
    public async Task A_directory_or_a_link_in_its_place_has_drifted()
    {
        await fixture.DeployAsync("x");
        File.Delete(fixture.PathOf("app.conf"));
        File.CreateSymbolicLink(fixture.PathOf("app.conf"), "elsewhere");

        Assert.Equal(["type"], (await fixture.StatusAsync()).Differences);
    }

    [Fact]
    public async Task A_status_query_changes_nothing()
    {
        await fixture.DeployAsync("x");
        var before = fixture.Snapshot();

        var entry = await fixture.RunAsync(FileOperations.Status, new() { Path = fixture.PathOf("app.conf") });

        Assert.False(entry.Changed);
        Assert.Equal(before, fixture.Snapshot());
    }

    [Fact]
    public async Task A_damaged_record_is_an_error_that_deploying_repairs()
    {
        await fixture.DeployAsync("x");
        var record = Assert.Single(Directory.GetFiles(Path.Join(fixture.State, "files")));
        File.WriteAllText(record, "{");

        var entry = await fixture.RunAsync(FileOperations.Status, new() { Path = fixture.PathOf("app.conf") });
        Assert.Equal(ErrorType.Unavailable, entry.ErrorType);
        Assert.False((await fixture.DeployAsync("x")).Changed);

        Assert.Equal("in-sync", (await fixture.StatusAsync()).Status);
    }

    [Fact]
    public async Task The_agents_records_are_readable_by_its_own_user_only()
    {
        await fixture.DeployAsync("x");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Assert.Single(Directory.GetFiles(Path.Join(fixture.State, "files")))));
    }
}
