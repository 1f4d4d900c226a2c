using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Tests.Files;

public sealed class UndeployTests : FileTest
{
    [Fact]
    public async Task Removes_a_deployed_file_once_as_the_check_predicted()
    {
        await fixture.DeployAsync("x\n");
        var before = fixture.Snapshot();

        var check = (await fixture.RunAsync(FileOperations.Undeploy, new() { Path = fixture.PathOf("app.conf") }, check: true)).Check!;
        Assert.Equal(before, fixture.Snapshot());
        var first = await fixture.UndeployAsync();
        var second = await fixture.UndeployAsync();

        Assert.True(check.Changed);
        Assert.Equal($"--- {fixture.PathOf("app.conf")}\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n", check.Diff);
        Assert.True(first.Changed);
        Assert.False(second.Changed);
        Assert.False(File.Exists(fixture.PathOf("app.conf")));
        Assert.Equal("missing", (await fixture.StatusAsync()).Status);
    }

    [Fact]
    public async Task Leaves_a_file_alone_that_was_not_deployed()
    {
        fixture.Write("app.conf", "by hand");

        var left = await fixture.UndeployAsync(force: true);
        Assert.Equal((false, true), (left.Changed, left.Left));

        Assert.Equal("by hand", fixture.Read("app.conf"));
    }

    [Fact]
    public async Task Removes_a_file_that_was_changed_only_with_force()
    {
        await fixture.DeployAsync("x", mode: "0644");
        fixture.Write("app.conf", "precious");

        var entry = await fixture.RunAsync(FileOperations.Undeploy, new() { Path = fixture.PathOf("app.conf") });
        Assert.Equal((ErrorType.Conflict, false), (entry.ErrorType, entry.Changed));
        Assert.Contains("differs from the deployed file (content)", entry.Error, StringComparison.Ordinal);
        Assert.Equal("precious", fixture.Read("app.conf"));

        Assert.True((await fixture.UndeployAsync(force: true)).Changed);
        Assert.False(File.Exists(fixture.PathOf("app.conf")));
    }

    [Fact]
    public async Task Removes_a_link_in_its_place_itself_and_a_directory_never()
    {
        await fixture.DeployAsync("x");
        File.Delete(fixture.PathOf("app.conf"));
        var target = fixture.Write("elsewhere", "kept");
        File.CreateSymbolicLink(fixture.PathOf("app.conf"), target);

        Assert.True((await fixture.UndeployAsync(force: true)).Changed);
        Assert.Equal("kept", fixture.Read("elsewhere"));

        await fixture.DeployAsync("x");
        File.Delete(fixture.PathOf("app.conf"));
        Directory.CreateDirectory(fixture.PathOf("app.conf"));
        var entry = await fixture.RunAsync(FileOperations.Undeploy, new() { Path = fixture.PathOf("app.conf"), Force = true });
        Assert.Equal(ErrorType.Conflict, entry.ErrorType);
    }

    [Fact]
    public async Task A_missing_file_is_removed_from_the_records_without_a_change()
    {
        await fixture.DeployAsync("x");
        File.Delete(fixture.PathOf("app.conf"));

        Assert.False((await fixture.UndeployAsync()).Changed);

        Assert.Null((await fixture.StatusAsync()).ObjectName);
    }
}
