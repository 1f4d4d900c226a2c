using System.Diagnostics;
using Osapi.Operations.Files;

namespace Osapi.Agent.Tests.Files;

/// <summary>Tests of checks of files that are not world-readable.</summary>
public sealed class WithheldContentTests : FileTest
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await fixture.StoreAsync("app.conf", "new\n");
    }

    [Theory]
    // The current mode, and the new mode.
    [InlineData("0600", null, null)]
    [InlineData("0640", null, null)]
    // A member of the group has the group's rights only.
    [InlineData("0604", null, null)]
    [InlineData("0644", "0600", null)]
    [InlineData("0644", null, "0700")]
    [InlineData("0644", null, "0751")]
    public async Task The_diff_of_a_file_that_is_not_world_readable_is_shown_only_to_permitted_callers(string mode, string? wanted, string? directory)
    {
        fixture.Write("a/app.conf", "old\n");
        Run("chmod", mode, fixture.PathOf("a/app.conf"));
        if (directory is not null)
            Run("chmod", directory, fixture.PathOf("a"));
        var isOpen = directory == "0751";
        var request = fixture.Request("a/app.conf", wanted);

        var check = await fixture.CheckAsync(request);
        var shown = (await fixture.RunWithContentAsync(FileOperations.Deploy, request)).Check!;

        Assert.Equal(isOpen, check.Diff!.Contains("-old\n+new\n", StringComparison.Ordinal));
        Assert.Null(check.ContentDiff);
        Assert.Equal(check.Diff, shown.Diff);
        if (isOpen)
            return;
        Assert.StartsWith($"{fixture.PathOf("a/app.conf")}: 4 bytes, sha256 ", check.Diff, StringComparison.Ordinal);
        Assert.Contains("-old\n+new\n", shown.ContentDiff, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_with_an_access_control_list_is_not_world_readable()
    {
        if (!File.Exists("/usr/bin/setfacl"))
            Assert.Skip("NOT TESTED: access control lists, because there is no setfacl (acl).");
        fixture.Write("app.conf", "old\n");
        Run("setfacl", "-m", "u:daemon:---", fixture.PathOf("app.conf"));
        Run("chmod", "0644", fixture.PathOf("app.conf"));

        Assert.DoesNotContain("old", (await fixture.CheckAsync(fixture.Request())).Diff, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_file_that_only_its_owner_may_read_is_not_shown_either()
    {
        var check = await fixture.CheckAsync(fixture.Request(mode: "0600"));

        Assert.DoesNotContain("+new", check.Diff, StringComparison.Ordinal);
        Assert.StartsWith($"{fixture.PathOf("app.conf")}: none -> 4 bytes, sha256 ", check.Diff, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_content_of_a_file_that_would_be_removed_is_withheld_as_well()
    {
        await fixture.DeployAsync("secret\n", mode: "0600");

        var check = (await fixture.RunAsync(FileOperations.Undeploy, new() { Path = fixture.PathOf("app.conf") }, check: true)).Check!;
        var shown = (await fixture.RunWithContentAsync(FileOperations.Undeploy, new() { Path = fixture.PathOf("app.conf") })).Check!;

        Assert.DoesNotContain("secret", check.Diff, StringComparison.Ordinal);
        Assert.Null(check.ContentDiff);
        Assert.Contains("-secret\n", shown.ContentDiff, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Binary_content_is_not_shown()
    {
        await fixture.StoreAsync("app.conf", [0, 1, 2]);
        fixture.Write("app.conf", "old\n");
        Run("chmod", "0600", fixture.PathOf("app.conf"));

        Assert.Null((await fixture.RunWithContentAsync(FileOperations.Deploy, fixture.Request())).Check!.ContentDiff);
    }

    private static void Run(string command, params string[] arguments)
    {
        using var process = Process.Start(command, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
