using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Tests.Files;

public sealed class UndeployTests : IAsyncLifetime
{
    private FileFixture room = null!;

    public async ValueTask InitializeAsync() => room = await FileFixture.OpenAsync();

    public ValueTask DisposeAsync() => room.DisposeAsync();

    [Fact]
    public async Task Removes_a_deployed_file_once_as_the_check_said()
    {
        await room.DeployAsync("x\n");
        var before = room.Snapshot();

        var check = (await room.RunAsync(FileOperations.Undeploy, new() { Path = room.PathOf("app.conf") }, check: true)).Check!;
        Assert.Equal(before, room.Snapshot());
        var first = await room.UndeployAsync();
        var second = await room.UndeployAsync();

        Assert.True(check.Changed);
        Assert.Equal($"--- {room.PathOf("app.conf")}\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n", check.Diff);
        Assert.True(first.Changed);
        Assert.False(second.Changed);
        Assert.False(File.Exists(room.PathOf("app.conf")));
        Assert.Equal("missing", (await room.StatusAsync()).Status);
    }

    [Fact]
    public async Task Leaves_a_file_alone_that_was_not_deployed()
    {
        room.Write("app.conf", "by hand");

        var left = await room.UndeployAsync(force: true);
        Assert.Equal((false, true), (left.Changed, left.Left));

        Assert.Equal("by hand", room.Read("app.conf"));
    }

    [Fact]
    public async Task Removes_a_file_that_was_changed_only_with_force()
    {
        await room.DeployAsync("x", mode: "0644");
        room.Write("app.conf", "precious");

        var entry = await room.RunAsync(FileOperations.Undeploy, new() { Path = room.PathOf("app.conf") });
        Assert.Equal((ErrorType.Conflict, false), (entry.ErrorType, entry.Changed));
        Assert.Contains("not as it was deployed (content)", entry.Error, StringComparison.Ordinal);
        Assert.Equal("precious", room.Read("app.conf"));

        Assert.True((await room.UndeployAsync(force: true)).Changed);
        Assert.False(File.Exists(room.PathOf("app.conf")));
    }

    [Fact]
    public async Task Removes_a_link_in_its_place_itself_and_a_directory_never()
    {
        await room.DeployAsync("x");
        File.Delete(room.PathOf("app.conf"));
        var target = room.Write("elsewhere", "kept");
        File.CreateSymbolicLink(room.PathOf("app.conf"), target);

        Assert.True((await room.UndeployAsync(force: true)).Changed);
        Assert.Equal("kept", room.Read("elsewhere"));

        await room.DeployAsync("x");
        File.Delete(room.PathOf("app.conf"));
        Directory.CreateDirectory(room.PathOf("app.conf"));
        var entry = await room.RunAsync(FileOperations.Undeploy, new() { Path = room.PathOf("app.conf"), Force = true });
        Assert.Equal(ErrorType.Conflict, entry.ErrorType);
    }

    [Fact]
    public async Task A_file_that_is_gone_already_is_forgotten_without_a_change()
    {
        await room.DeployAsync("x");
        File.Delete(room.PathOf("app.conf"));

        Assert.False((await room.UndeployAsync()).Changed);

        Assert.Null((await room.StatusAsync()).ObjectName);
    }
}
