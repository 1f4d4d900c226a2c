using System.Diagnostics;
using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Tests.Files.Paths;

/// <summary>Tests of removals, in trees that are hostile to them.</summary>
public sealed class DeleteTests : FileTest
{
    private DeletePath Request(string name, bool? recursive = null) => new() { Path = fixture.PathOf(name), Recursive = recursive };

    [Fact]
    public async Task A_file_a_link_and_an_empty_directory_are_removed_and_then_nothing_is()
    {
        fixture.Write("file", "hello");
        Directory.CreateDirectory(fixture.PathOf("empty"));
        File.CreateSymbolicLink(fixture.PathOf("link"), fixture.Write("kept/file", "x"));

        foreach (var (name, bytes) in new[] { ("file", 5L), ("empty", 0L), ("link", 0L) })
        {
            Assert.True((await fixture.RunAsync(FileOperations.DeletePath, Request(name), check: true)).Check!.Changed);
            var removed = await fixture.ResultAsync(FileOperations.DeletePath, Request(name));
            Assert.Equal((true, 1L, bytes), (removed.Changed, removed.Removed, removed.Bytes));
            Assert.False((await fixture.ResultAsync(FileOperations.DeletePath, Request(name))).Changed);
        }

        Assert.False((await fixture.ResultAsync(FileOperations.DeletePath, Request("missing/deep/file"))).Changed);
        Assert.Equal("x", fixture.Read("kept/file"));
    }

    [Fact]
    public async Task A_directory_that_is_not_empty_needs_recursive()
    {
        fixture.Write("full/file", "x");

        var entry = await fixture.RunAsync(FileOperations.DeletePath, Request("full"));

        Assert.Equal((ErrorType.Conflict, $"{fixture.PathOf("full")} is not empty and is not removed without recursive"), (entry.ErrorType, entry.Error));
        Assert.Equal("x", fixture.Read("full/file"));
    }

    [Fact]
    public async Task A_hostile_tree_is_removed_and_nothing_outside_of_it()
    {
        var outside = fixture.Write("outside/file", "kept");
        Directory.CreateDirectory(fixture.PathOf("tree/a/b"));
        File.CreateSymbolicLink(fixture.PathOf("tree/link"), fixture.PathOf("outside"));
        File.CreateSymbolicLink(fixture.PathOf("tree/up"), "..");
        File.WriteAllText(fixture.PathOf("tree/a/new\nline"), "12345");
        Run("bash", "-c", "printf x > \"$(printf 'tree/a/\\377\\376')\"; ln outside/file tree/a/hard; mkfifo tree/pipe; mkdir -p tree/$(printf 'd/%.0s' {1..200})");
        var check = await fixture.RunAsync(FileOperations.DeletePath, Request("tree", recursive: true), check: true);

        var removed = await fixture.ResultAsync(FileOperations.DeletePath, Request("tree", recursive: true));

        Assert.Equal(removed.Removed, check.Check!.Before!.Value.GetProperty("entries").GetInt64());
        Assert.Equal(["outside"], Directory.GetFileSystemEntries(fixture.Tree).Select(Path.GetFileName));
        Assert.Equal("kept", File.ReadAllText(outside));
    }

    [Fact]
    public async Task A_large_tree_is_removed()
    {
        Run("bash", "-c", "mkdir tree; cd tree; for d in $(seq 1 20); do mkdir $d; (cd $d; touch $(seq 1 1000)); done");

        Assert.Equal(20_021, (await fixture.ResultAsync(FileOperations.DeletePath, Request("tree", recursive: true))).Removed);
    }

    [Fact]
    public async Task Nothing_is_removed_when_something_is_mounted_below()
    {
        if (!Environment.IsPrivilegedProcess)
            Assert.Skip("NOT TESTED: mount points, because that needs root.");
        fixture.Write("outside/file", "kept");
        fixture.Write("tree/a/file", "x");
        Directory.CreateDirectory(fixture.PathOf("tree/z"));
        Run("mount", "--bind", fixture.PathOf("outside"), fixture.PathOf("tree/z"));
        try
        {
            foreach (var isCheck in (bool[])[true, false])
            {
                var entry = await fixture.RunAsync(FileOperations.DeletePath, Request("tree", recursive: true), isCheck);
                Assert.Equal(ErrorType.Conflict, entry.ErrorType);
                Assert.Contains("mounted at z below it", entry.Error, StringComparison.Ordinal);
            }

            Assert.Contains("is a mount point", (await fixture.RunAsync(FileOperations.DeletePath, Request("tree/z", recursive: true))).Error, StringComparison.Ordinal);
        }
        finally
        {
            Run("umount", fixture.PathOf("tree/z"));
        }

        Assert.Equal(("x", "kept"), (fixture.Read("tree/a/file"), fixture.Read("outside/file")));
    }

    [Theory]
    [InlineData("/etc")]
    [InlineData("/usr")]
    [InlineData("/proc")]
    public async Task A_directory_at_the_top_of_the_file_tree_is_never_removed(string path) =>
        Assert.Equal(ErrorType.Conflict, (await fixture.RunAsync(FileOperations.DeletePath, new() { Path = path, Recursive = true }, check: true)).ErrorType);

    [Fact]
    public async Task The_agents_state_is_never_removed()
    {
        Directory.CreateDirectory(fixture.State + "/files");

        foreach (var path in (string[])[fixture.State, fixture.State + "/files", Path.GetDirectoryName(fixture.State)!])
            Assert.Contains("agent's own state", (await fixture.RunAsync(FileOperations.DeletePath, new() { Path = path, Recursive = true })).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_kind_that_is_meant_is_removed()
    {
        fixture.Write("file", "x");

        Assert.Equal(ErrorType.Conflict, (await fixture.RunAsync(FileOperations.DeletePath, Request("file") with { Only = DeletedKind.Link })).ErrorType);
        Assert.True((await fixture.ResultAsync(FileOperations.DeletePath, Request("file") with { Only = DeletedKind.File })).Changed);
    }

    [Fact]
    public async Task A_tree_with_a_denied_path_in_it_is_denied()
    {
        fixture.Write("tree/a/file", "x");
        fixture.Restrictions = new() { Deny = new() { Paths = [fixture.PathOf("tree/a/file")] } };

        Assert.Equal(ErrorType.Denied, (await fixture.RunAsync(FileOperations.DeletePath, Request("tree", recursive: true))).ErrorType);
    }

    private void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = fixture.Tree })!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
