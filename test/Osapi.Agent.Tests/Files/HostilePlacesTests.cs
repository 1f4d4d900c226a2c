using System.Diagnostics;
using Osapi.Agent.Hosts.Files;
using Osapi.Operations;

namespace Osapi.Agent.Tests.Files;

/// <summary>Tests of places where a file cannot or must not be written, and of the state after a failure.</summary>
public sealed class HostilePlacesTests : IAsyncLifetime
{
    private FileFixture room = null!;

    public async ValueTask InitializeAsync()
    {
        room = await FileFixture.OpenAsync();
        await room.StoreAsync("app.conf", "new");
    }

    public ValueTask DisposeAsync() => room.DisposeAsync();

    [Fact]
    public async Task A_symbolic_link_in_its_place_is_not_replaced_and_not_followed()
    {
        var target = room.Write("elsewhere", "secret");
        File.CreateSymbolicLink(room.PathOf("app.conf"), target);

        var entry = await room.FailAsync(room.Request(), ErrorType.Conflict);

        Assert.Contains("is a symbolic link and is not replaced", entry.Error, StringComparison.Ordinal);
        Assert.Equal("secret", room.Read("elsewhere"));
    }

    [Fact]
    public async Task A_link_on_the_way_is_followed_when_it_is_the_agents_own()
    {
        Directory.CreateDirectory(room.PathOf("real"));
        Directory.CreateSymbolicLink(room.PathOf("link"), "real");

        await room.DeployAsync(room.Request("link/app.conf"));

        Assert.Equal("new", room.Read("real/app.conf"));
    }

    [Fact]
    public async Task A_link_on_the_way_that_another_user_put_into_a_shared_directory_is_not_followed()
    {
        Root("links of other users");
        var shared = Directory.CreateDirectory(room.PathOf("shared")).FullName;
        Assert.Equal(0, Run("chmod", "1777", shared));
        Directory.CreateDirectory(room.PathOf("real"));
        Directory.CreateSymbolicLink(Path.Join(shared, "link"), room.PathOf("real"));
        Assert.Equal(0, Run("chown", "-h", "daemon", Path.Join(shared, "link")));

        var entry = await room.FailAsync(room.Request("shared/link/app.conf"), ErrorType.Conflict);

        Assert.Contains("another user", entry.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(room.PathOf("real")));
    }

    [Fact]
    public async Task Links_that_lead_in_a_circle_are_an_error()
    {
        Directory.CreateSymbolicLink(room.PathOf("a"), "b");
        Directory.CreateSymbolicLink(room.PathOf("b"), "a");

        var entry = await room.FailAsync(room.Request("a/app.conf"), ErrorType.Conflict);

        Assert.Contains("too many symbolic links", entry.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gone/app.conf")]
    [InlineData("gone/below/app.conf")]
    public async Task Nothing_is_made_where_a_link_leads_that_leads_nowhere(string place)
    {
        Directory.CreateSymbolicLink(room.PathOf("gone"), room.PathOf("elsewhere"));

        var entry = await room.FailAsync(room.Request(place) with { CreateParents = true }, ErrorType.Conflict);

        Assert.EndsWith("cannot be reached: gone on the way is a symbolic link to something that does not exist", entry.Error, StringComparison.Ordinal);
        Assert.False(Path.Exists(room.PathOf("elsewhere")));
    }

    [Fact]
    public async Task Below_a_link_to_a_directory_missing_ones_are_made()
    {
        Directory.CreateDirectory(room.PathOf("there"));
        Directory.CreateSymbolicLink(room.PathOf("link"), "there");
        await room.StoreAsync("app.conf", "x");

        await room.DeployAsync(room.Request("link/below/app.conf") with { CreateParents = true });

        Assert.Equal("x", room.Read("there/below/app.conf"));
    }

    [Fact]
    public async Task A_directory_in_its_place_stays()
    {
        Directory.CreateDirectory(room.PathOf("app.conf"));

        var entry = await room.FailAsync(room.Request(), ErrorType.Conflict);

        Assert.Contains("is a directory and is not replaced", entry.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mkfifo", "a named pipe")]
    [InlineData("mknod", "a device")]
    public async Task A_special_file_in_its_place_is_neither_waited_for_nor_replaced(string command, string kind)
    {
        string[] arguments = command == "mknod" ? [room.PathOf("app.conf"), "c", "1", "3"] : [room.PathOf("app.conf")];
        if (Run(command, arguments) != 0)
            Assert.Skip($"NOT TESTED: {kind}, because {command} is not possible here.");

        var entry = await room.FailAsync(room.Request(), ErrorType.Conflict);

        Assert.Contains($"is {kind} and is not replaced", entry.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_where_a_directory_should_be_is_an_error()
    {
        room.Write("file", "x");

        var entry = await room.FailAsync(room.Request("file/app.conf") with { CreateParents = true }, ErrorType.Conflict);

        Assert.Contains("file on the way is not a directory", entry.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_name_of_the_same_file_keeps_content_and_mode()
    {
        room.Write("other", "new");
        File.SetUnixFileMode(room.PathOf("other"), UnixFileMode.UserRead);
        Assert.Equal(0, Run("ln", room.PathOf("other"), room.PathOf("app.conf")));

        var result = await room.DeployAsync(room.Request(mode: "0644"));

        Assert.Equal(["mode"], result.Differences);
        Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(room.PathOf("other")));
        Assert.Equal("0644", (await room.StatusAsync()).Mode);
    }

    [Fact]
    public async Task A_full_disk_leaves_the_old_file_whole_and_nothing_else()
    {
        Root("a full disk");
        Mount("-t", "tmpfs", "-o", "size=64k", "osapi-test", room.Tree);
        try
        {
            room.Write("app.conf", "old");
            await room.StoreAsync("app.conf", new byte[3_000_000]);

            var entry = await room.FailAsync(room.Request(), ErrorType.Failed);

            Assert.Contains("No space left on device", entry.Error, StringComparison.Ordinal);
            Assert.Equal("old", room.Read("app.conf"));
            Assert.Equal([room.PathOf("app.conf")], Directory.GetFileSystemEntries(room.Tree));
        }
        finally
        {
            Assert.Equal(0, Run("umount", "--lazy", room.Tree));
        }
    }

    [Fact]
    public async Task A_file_that_something_is_mounted_on_is_written_in_place_and_the_result_says_so()
    {
        Root("a mounted file");
        room.Write("under", "x");
        room.Write("app.conf", "old and longer than the new one");
        Mount("--bind", room.PathOf("under"), room.PathOf("app.conf"));
        try
        {
            File.WriteAllText(room.PathOf("app.conf"), "old and longer than the new one");
            var result = await room.DeployAsync(room.Request(mode: "0600"));

            Assert.True(result.InPlace);
            Assert.True(result.Changed);
            Assert.Equal("new", room.Read("app.conf"));
            Assert.Equal("new", room.Read("under"));
            Assert.False((await room.DeployAsync(room.Request(mode: "0600"))).Changed);
            Assert.Equal(2, Directory.GetFileSystemEntries(room.Tree).Length);
        }
        finally
        {
            Assert.Equal(0, Run("umount", "--lazy", room.PathOf("app.conf")));
        }
    }

    [Fact]
    public async Task A_check_works_on_a_read_only_file_system_and_applying_fails_clearly()
    {
        Root("a read-only file system");
        room.Write("app.conf", "old\n");
        Mount("--bind", room.Tree, room.Tree);
        try
        {
            Assert.Equal(0, Run("mount", "-o", "remount,ro,bind", room.Tree));
            var check = await room.CheckAsync(room.Request(mode: "0644") with { Backup = true });
            var entry = await room.FailAsync(room.Request(), ErrorType.Failed);

            Assert.True(check.Changed);
            Assert.Null(check.ContentDiff);
            Assert.Equal($"--- {room.PathOf("app.conf")}\n+++ {room.PathOf("app.conf")}\n@@ -1 +1 @@\n-old\n+new\n\\ No newline at end of file\n", check.Diff);
            Assert.Contains("Read-only file system", entry.Error, StringComparison.Ordinal);
        }
        finally
        {
            Assert.Equal(0, Run("umount", "--lazy", room.Tree));
        }
    }

    [Fact]
    public async Task What_an_earlier_replacement_left_behind_is_removed_and_what_another_one_holds_is_not()
    {
        using HostDirectory directory = HostDirectory.Open(room.Host, room.Tree, create: false)!;
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
        var held = Assert.Single(Directory.GetFiles(room.Tree));
        var leftover = held[..^1] + (held[^1] == 'x' ? 'y' : 'x');
        File.WriteAllText(leftover, "torn");

        await room.DeployAsync(room.Request());

        Assert.False(File.Exists(leftover));
        Assert.True(File.Exists(held));
        goOn.SetResult();
        Assert.False(await other);
        Assert.Equal("slow", room.Read("app.conf"));
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
