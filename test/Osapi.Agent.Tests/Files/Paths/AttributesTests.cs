using System.Diagnostics;
using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Tests.Files.Paths;

/// <summary>Tests of changes of modes and owners, also in trees that are hostile to them.</summary>
public sealed class AttributesTests : FileTest
{
    private const int Nobody = 65534;

    private UpdateAttributes Request(string name) => new() { Path = fixture.PathOf(name) };

    [Fact]
    public async Task A_mode_is_set_once_and_a_check_predicts_it()
    {
        fixture.Write("file", "x");
        var request = Request("file") with { Mode = "0600" };

        var check = await fixture.RunAsync(FileOperations.UpdateAttributes, request, check: true);
        Assert.Equal(("0644", "0600"), (check.Check!.Before!.Value.GetProperty("mode").GetString(), check.Check.After!.Value.GetProperty("mode").GetString()));
        Assert.Equal(["mode"], (await fixture.ResultAsync(FileOperations.UpdateAttributes, request)).Differences!);
        var snapshot = fixture.Snapshot();
        var again = await fixture.ResultAsync(FileOperations.UpdateAttributes, request);

        Assert.Equal((false, null, null), (again.Changed, again.Differences, again.Touched));
        Assert.False((await fixture.RunAsync(FileOperations.UpdateAttributes, request, check: true)).Check!.Changed);
        Assert.Equal(snapshot, fixture.Snapshot());
        Assert.Equal("0600", Mode("file"));
    }

    [Fact]
    public async Task A_tree_gets_a_symbolic_mode_and_links_lead_nowhere()
    {
        fixture.Write("outside/file", "kept");
        fixture.Write("tree/a/program", "x");
        fixture.Write("tree/a/data", "x");
        File.SetUnixFileMode(fixture.PathOf("tree/a/program"), (UnixFileMode)0x1ED);
        File.CreateSymbolicLink(fixture.PathOf("tree/link"), "../outside/file");
        Directory.CreateSymbolicLink(fixture.PathOf("tree/directories"), fixture.PathOf("outside"));
        Run("bash", "-c", "printf x > \"$(printf 'tree/a/\\377\\n')\"; mkfifo tree/pipe");
        var request = Request("tree") with { Mode = "u=rwX,go=", Recurse = true };

        var check = await fixture.RunAsync(FileOperations.UpdateAttributes, request, check: true);
        Assert.True(check.Check!.Changed);
        var changed = await fixture.ResultAsync(FileOperations.UpdateAttributes, request);

        // The directory itself, the directory a, three files and the pipe.
        Assert.Equal((6L, null), (changed.Touched, changed.Skipped));
        Assert.Equal(["0700", "0700", "0700", "0600", "0600", "0755", "0644"], new[] { "tree", "tree/a", "tree/a/program", "tree/a/data", "tree/pipe", "outside", "outside/file" }.Select(Mode));
        Assert.False((await fixture.ResultAsync(FileOperations.UpdateAttributes, request)).Changed);
        // The framework cannot remove a name that is not UTF-8.
        Run("rm", "-r", "tree");
    }

    [Fact]
    public async Task An_owner_is_set_in_a_tree_and_of_links_themselves()
    {
        NeedRoot();
        fixture.Write("outside", "kept");
        fixture.Write("tree/file", "x");
        File.CreateSymbolicLink(fixture.PathOf("tree/link"), "../outside");
        var request = Request("tree") with { Owner = "65534", Group = "65534", Recurse = true };

        var changed = await fixture.ResultAsync(FileOperations.UpdateAttributes, request);

        Assert.Equal((3L, true), (changed.Touched, changed.Differences!.SequenceEqual(["owner", "group"])));
        Assert.False((await fixture.RunAsync(FileOperations.UpdateAttributes, request, check: true)).Check!.Changed);
        var stat = (await fixture.ResultAsync(FileOperations.Stat, new() { Paths = [fixture.PathOf("tree/file"), fixture.PathOf("tree/link"), fixture.PathOf("outside")], Follow = false })).Files;
        Assert.Equal([Nobody, Nobody, 0], stat.Select(file => (int)file.Uid!.Value));
    }

    [Fact]
    public async Task A_new_owner_does_not_get_a_program_that_runs_as_its_owner()
    {
        NeedRoot();
        fixture.Write("tree/program", "x");
        File.SetUnixFileMode(fixture.PathOf("tree/program"), (UnixFileMode)0x9ED);
        Run("chown", "65534", "tree/program");
        var request = Request("tree") with { Owner = "root", Mode = "u+w", Recurse = true };

        var check = await fixture.RunAsync(FileOperations.UpdateAttributes, request with { Recurse = null, Path = fixture.PathOf("tree/program") }, check: true);
        Assert.Equal("0755", check.Check!.After!.Value.GetProperty("mode").GetString());
        await fixture.ResultAsync(FileOperations.UpdateAttributes, request);

        Assert.Equal("0755", Mode("tree/program"));
        Assert.False((await fixture.ResultAsync(FileOperations.UpdateAttributes, request)).Changed);
    }

    [Fact]
    public async Task A_file_that_a_user_linked_into_a_tree_is_skipped()
    {
        NeedRoot();
        fixture.Write("secret", "x");
        File.SetUnixFileMode(fixture.PathOf("secret"), (UnixFileMode)0x180);
        Directory.CreateDirectory(fixture.PathOf("tree"));
        Run("bash", "-c", "chown 65534 tree; ln secret tree/mine; echo y > tree/own");

        var readable = await fixture.ResultAsync(FileOperations.UpdateAttributes, Request("tree") with { Mode = "a+r,u-w", Recurse = true });
        var given = await fixture.ResultAsync(FileOperations.UpdateAttributes, Request("tree") with { Owner = "65534", Recurse = true });

        Assert.Equal((1L, 1L), (readable.Skipped, given.Skipped));
        Assert.Equal(("0600", "0444"), (Mode("secret"), Mode("tree/own")));
        Assert.Equal(0L, (await fixture.ResultAsync(FileOperations.Stat, new() { Paths = [fixture.PathOf("secret")] })).Files[0].Uid);
        var single = await fixture.RunAsync(FileOperations.UpdateAttributes, Request("tree/mine") with { Mode = "0644" });
        Assert.Equal(ErrorType.Conflict, single.ErrorType);
        Assert.Contains("hard links", single.Error, StringComparison.Ordinal);
        // A second run leaves it again, and counts that as no change.
        Assert.False((await fixture.ResultAsync(FileOperations.UpdateAttributes, Request("tree") with { Owner = "65534", Recurse = true })).Changed);
    }

    [Fact]
    public async Task A_link_is_a_conflict_unless_it_is_followed()
    {
        fixture.Write("file", "x");
        File.CreateSymbolicLink(fixture.PathOf("link"), "file");
        var request = Request("link") with { Mode = "0600" };

        Assert.Equal(ErrorType.Conflict, (await fixture.RunAsync(FileOperations.UpdateAttributes, request)).ErrorType);
        Assert.True((await fixture.ResultAsync(FileOperations.UpdateAttributes, request with { Follow = true })).Changed);
        Assert.Equal("0600", Mode("file"));
    }

    [Fact]
    public async Task Nothing_at_the_path_is_not_found_also_in_a_check()
    {
        foreach (var name in (string[])["none", "none/deep"])
            foreach (var isCheck in (bool[])[true, false])
                Assert.Equal(ErrorType.NotFound, (await fixture.RunAsync(FileOperations.UpdateAttributes, Request(name) with { Mode = "0600" }, isCheck)).ErrorType);
    }

    [Fact]
    public async Task All_mistakes_are_named()
    {
        Assert.Equal("mode is required, or owner, group or immutable", (await fixture.RunAsync(FileOperations.UpdateAttributes, Request("x"))).Error);
        Assert.Equal(
            "mode must be symbolic with recurse, such as u=rwX,go=rX: directories need x, and most files must not have it; immutable must not be given together with recurse",
            (await fixture.RunAsync(FileOperations.UpdateAttributes, Request("x") with { Mode = "0644", Recurse = true, Immutable = true })).Error);
        Assert.Equal("mode would change the permissions again the second time: x must come before X", (await fixture.RunAsync(FileOperations.UpdateAttributes, Request("x") with { Mode = "o+X,u+x" })).Error);
        Assert.Equal("owner: there is no user 'nobody-here' on this host", (await fixture.RunAsync(FileOperations.UpdateAttributes, Request("x") with { Owner = "nobody-here" })).Error);
    }

    [Theory]
    [InlineData("/etc")]
    [InlineData("/usr")]
    public async Task A_directory_at_the_top_is_never_changed_with_everything_in_it(string path) =>
        Assert.Equal(ErrorType.Conflict, (await fixture.RunAsync(FileOperations.UpdateAttributes, new() { Path = path, Recurse = true, Mode = "go-w" }, check: true)).ErrorType);

    [Fact]
    public async Task A_tree_with_the_agents_state_a_denied_path_or_a_denied_user_is_not_changed()
    {
        fixture.Write("tree/a/file", "x");
        Directory.CreateDirectory(fixture.State);
        var request = Request("tree") with { Mode = "go=", Recurse = true };

        Assert.Contains("agent's own state", (await fixture.RunAsync(FileOperations.UpdateAttributes, request with { Path = Path.GetDirectoryName(fixture.State)! })).Error, StringComparison.Ordinal);
        fixture.Restrictions = new() { Deny = new() { Paths = [fixture.PathOf("tree/a/file")] } };
        Assert.Equal(ErrorType.Denied, (await fixture.RunAsync(FileOperations.UpdateAttributes, request)).ErrorType);
        fixture.Restrictions = new() { Deny = new() { Users = ["root"] } };
        Assert.Equal(ErrorType.Denied, (await fixture.RunAsync(FileOperations.UpdateAttributes, request)).ErrorType);
        Assert.Equal(["0755", "0755", "0644"], new[] { "tree", "tree/a", "tree/a/file" }.Select(Mode));
    }

    [Fact]
    public async Task A_mount_below_the_tree_is_a_conflict()
    {
        NeedRoot();
        fixture.Write("outside/file", "kept");
        Directory.CreateDirectory(fixture.PathOf("tree/mounted"));
        Run("mount", "--bind", fixture.PathOf("outside"), fixture.PathOf("tree/mounted"));
        try
        {
            Assert.Contains("is not changed: something is mounted at mounted", (await fixture.RunAsync(FileOperations.UpdateAttributes, Request("tree") with { Mode = "go=", Recurse = true })).Error, StringComparison.Ordinal);
        }
        finally
        {
            Run("umount", fixture.PathOf("tree/mounted"));
        }

        Assert.Equal(("0644", "0755"), (Mode("outside/file"), Mode("tree")));
    }

    [Fact]
    public async Task A_file_can_be_made_immutable_and_changed_while_it_stays_so()
    {
        NeedRoot();
        fixture.Write("file", "x");
        var request = Request("file") with { Immutable = true };
        if ((await fixture.RunAsync(FileOperations.UpdateAttributes, request)) is { ErrorType: ErrorType.Unavailable })
            Assert.Skip("NOT TESTED: immutable files, because the file system of temporary files has none.");
        try
        {
            Assert.Throws<UnauthorizedAccessException>(() => File.AppendAllText(fixture.PathOf("file"), "y"));
            Assert.False((await fixture.ResultAsync(FileOperations.UpdateAttributes, request)).Changed);
            Assert.Equal(["mode"], (await fixture.ResultAsync(FileOperations.UpdateAttributes, request with { Mode = "0600" })).Differences!);
            Assert.Equal("0600", Mode("file"));
            Assert.Throws<UnauthorizedAccessException>(() => File.AppendAllText(fixture.PathOf("file"), "y"));
        }
        finally
        {
            Assert.Equal(["immutable"], (await fixture.ResultAsync(FileOperations.UpdateAttributes, request with { Immutable = false })).Differences!);
        }

        File.AppendAllText(fixture.PathOf("file"), "y");
    }

    private static void NeedRoot()
    {
        if (!Environment.IsPrivilegedProcess)
            Assert.Skip("NOT TESTED: owners and mounts, because that needs root.");
    }

    private string Mode(string name) => OctalMode.Format((int)File.GetUnixFileMode(fixture.PathOf(name)));

    private void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = fixture.Tree })!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
