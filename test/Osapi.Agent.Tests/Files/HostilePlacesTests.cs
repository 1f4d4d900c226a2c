using System.Diagnostics;
using Osapi.Agent.Hosts.Files;
using Osapi.Operations;

namespace Osapi.Agent.Tests.Files;

/// <summary>Tests of places where a file cannot or must not be written, and of the state after a failure.</summary>
public sealed class HostilePlacesTests : FileTest
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await fixture.StoreAsync("app.conf", "new");
    }

    [Fact]
    public async Task A_symbolic_link_in_its_place_is_not_replaced_and_not_followed()
    {
        var target = fixture.Write("elsewhere", "secret");
        File.CreateSymbolicLink(fixture.PathOf("app.conf"), target);

        var entry = await fixture.FailAsync(fixture.Request(), ErrorType.Conflict);

        Assert.Contains("is a symbolic link and is not replaced", entry.Error, StringComparison.Ordinal);
        Assert.Equal("secret", fixture.Read("elsewhere"));
    }

    [Fact]
    public async Task A_link_on_the_path_is_followed_when_it_is_the_agents_own()
    {
        Directory.CreateDirectory(fixture.PathOf("real"));
        Directory.CreateSymbolicLink(fixture.PathOf("link"), "real");

        await fixture.DeployAsync(fixture.Request("link/app.conf"));

        Assert.Equal("new", fixture.Read("real/app.conf"));
    }

    [Fact]
    public async Task A_link_on_the_path_that_another_user_created_in_a_shared_directory_is_not_followed()
    {
        Root("links of other users");
        var shared = Directory.CreateDirectory(fixture.PathOf("shared")).FullName;
        Assert.Equal(0, Run("chmod", "1777", shared));
        Directory.CreateDirectory(fixture.PathOf("real"));
        Directory.CreateSymbolicLink(Path.Join(shared, "link"), fixture.PathOf("real"));
        Assert.Equal(0, Run("chown", "-h", "daemon", Path.Join(shared, "link")));

        var entry = await fixture.FailAsync(fixture.Request("shared/link/app.conf"), ErrorType.Conflict);

        Assert.Contains("another user", entry.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(fixture.PathOf("real")));
    }

    [Fact]
    public async Task Links_that_lead_in_a_circle_are_an_error()
    {
        Directory.CreateSymbolicLink(fixture.PathOf("a"), "b");
        Directory.CreateSymbolicLink(fixture.PathOf("b"), "a");

        var entry = await fixture.FailAsync(fixture.Request("a/app.conf"), ErrorType.Conflict);

        Assert.Contains("too many symbolic links", entry.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gone/app.conf")]
    [InlineData("gone/below/app.conf")]
    public async Task Nothing_is_created_behind_a_dangling_link(string place)
    {
        Directory.CreateSymbolicLink(fixture.PathOf("gone"), fixture.PathOf("elsewhere"));

        var entry = await fixture.FailAsync(fixture.Request(place) with { CreateParents = true }, ErrorType.Conflict);

        Assert.EndsWith("cannot be reached: gone on the path is a dangling symbolic link", entry.Error, StringComparison.Ordinal);
        Assert.False(Path.Exists(fixture.PathOf("elsewhere")));
    }

    [Fact]
    public async Task Below_a_link_to_a_directory_missing_ones_are_made()
    {
        Directory.CreateDirectory(fixture.PathOf("there"));
        Directory.CreateSymbolicLink(fixture.PathOf("link"), "there");
        await fixture.StoreAsync("app.conf", "x");

        await fixture.DeployAsync(fixture.Request("link/below/app.conf") with { CreateParents = true });

        Assert.Equal("x", fixture.Read("there/below/app.conf"));
    }

    [Fact]
    public async Task A_directory_in_its_place_stays()
    {
        Directory.CreateDirectory(fixture.PathOf("app.conf"));

        var entry = await fixture.FailAsync(fixture.Request(), ErrorType.Conflict);

        Assert.Contains("is a directory and is not replaced", entry.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mkfifo", "a named pipe")]
    [InlineData("mknod", "a device")]
    public async Task A_special_file_in_its_place_is_neither_waited_for_nor_replaced(string command, string kind)
    {
        string[] arguments = command == "mknod" ? [fixture.PathOf("app.conf"), "c", "1", "3"] : [fixture.PathOf("app.conf")];
        if (Run(command, arguments) != 0)
            Assert.Skip($"NOT TESTED: {kind}, because {command} is not possible here.");

        var entry = await fixture.FailAsync(fixture.Request(), ErrorType.Conflict);

        Assert.Contains($"is {kind} and is not replaced", entry.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_where_a_directory_should_be_is_an_error()
    {
        fixture.Write("file", "x");

        var entry = await fixture.FailAsync(fixture.Request("file/app.conf") with { CreateParents = true }, ErrorType.Conflict);

        Assert.Contains("file on the path is not a directory", entry.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_name_of_the_same_file_keeps_content_and_mode()
    {
        fixture.Write("other", "new");
        File.SetUnixFileMode(fixture.PathOf("other"), UnixFileMode.UserRead);
        Assert.Equal(0, Run("ln", fixture.PathOf("other"), fixture.PathOf("app.conf")));

        var result = await fixture.DeployAsync(fixture.Request(mode: "0644"));

        Assert.Equal(["mode"], result.Differences);
        Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(fixture.PathOf("other")));
        Assert.Equal("0644", (await fixture.StatusAsync()).Mode);
    }

    [Fact]
    public async Task A_full_disk_leaves_the_old_file_whole_and_nothing_else()
    {
        Root("a full disk");
        Mount("-t", "tmpfs", "-o", "size=64k", "osapi-test", fixture.Tree);
        try
        {
            fixture.Write("app.conf", "old");
            await fixture.StoreAsync("app.conf", new byte[3_000_000]);

            var entry = await fixture.FailAsync(fixture.Request(), ErrorType.Failed);

            Assert.Contains("No space left on device", entry.Error, StringComparison.Ordinal);
            Assert.Equal("old", fixture.Read("app.conf"));
            Assert.Equal([fixture.PathOf("app.conf")], Directory.GetFileSystemEntries(fixture.Tree));
        }
        finally
        {
            Assert.Equal(0, Run("umount", "--lazy", fixture.Tree));
        }
    }

    [Fact]
    public async Task A_file_that_something_is_mounted_on_is_written_in_place_and_the_result_says_so()
    {
        Root("a mounted file");
        fixture.Write("under", "x");
        fixture.Write("app.conf", "old and longer than the new one");
        Mount("--bind", fixture.PathOf("under"), fixture.PathOf("app.conf"));
        try
        {
            File.WriteAllText(fixture.PathOf("app.conf"), "old and longer than the new one");
            var result = await fixture.DeployAsync(fixture.Request(mode: "0600"));

            Assert.True(result.InPlace);
            Assert.True(result.Changed);
            Assert.Equal("new", fixture.Read("app.conf"));
            Assert.Equal("new", fixture.Read("under"));
            Assert.False((await fixture.DeployAsync(fixture.Request(mode: "0600"))).Changed);
            Assert.Equal(2, Directory.GetFileSystemEntries(fixture.Tree).Length);
        }
        finally
        {
            Assert.Equal(0, Run("umount", "--lazy", fixture.PathOf("app.conf")));
        }
    }

    [Fact]
    public async Task A_check_works_on_a_read_only_file_system_and_applying_fails_clearly()
    {
        Root("a read-only file system");
        fixture.Write("app.conf", "old\n");
        Mount("--bind", fixture.Tree, fixture.Tree);
        try
        {
            Assert.Equal(0, Run("mount", "-o", "remount,ro,bind", fixture.Tree));
            var check = await fixture.CheckAsync(fixture.Request(mode: "0644") with { Backup = true });
            var entry = await fixture.FailAsync(fixture.Request(), ErrorType.Failed);

            Assert.True(check.Changed);
            Assert.Null(check.ContentDiff);
            Assert.Equal($"--- {fixture.PathOf("app.conf")}\n+++ {fixture.PathOf("app.conf")}\n@@ -1 +1 @@\n-old\n+new\n\\ No newline at end of file\n", check.Diff);
            Assert.Contains("Read-only file system", entry.Error, StringComparison.Ordinal);
        }
        finally
        {
            Assert.Equal(0, Run("umount", "--lazy", fixture.Tree));
        }
    }

    [Fact]
    public async Task Leftovers_of_an_earlier_replacement_are_removed_and_files_in_use_are_not()
    {
        using HostDirectory directory = HostDirectory.Open(fixture.Host, fixture.Tree, create: false)!;
        TaskCompletionSource writing = new(), goOn = new();
        var other = new FileReplacement(directory, "app.conf").RunAsync(
            async (stream, _) =>
            {
                await stream.WriteAsync("slow"u8.ToArray(), CancellationToken.None);
                writing.SetResult();
                await goOn.Task;
            },
            0x1A4, null, null, CancellationToken.None);
        await writing.Task;
        var held = Assert.Single(Directory.GetFiles(fixture.Tree));
        var leftover = held[..^1] + (held[^1] == 'x' ? 'y' : 'x');
        File.WriteAllText(leftover, "torn");

        await fixture.DeployAsync(fixture.Request());

        Assert.False(File.Exists(leftover));
        Assert.True(File.Exists(held));
        goOn.SetResult();
        Assert.False(await other);
        Assert.Equal("slow", fixture.Read("app.conf"));
    }

    private static void Root(string what)
    {
        if (!Environment.IsPrivilegedProcess)
            Assert.Skip($"NOT TESTED: {what}, because that needs root.");
    }

    private static void Mount(params string[] arguments)
    {
        if (Run("mount", arguments) != 0)
            Assert.Skip("NOT TESTED: what needs a mount, because mounting is not possible here.");
    }

    private static int Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
