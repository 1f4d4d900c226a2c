using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Tests.Files.Paths;

/// <summary>Tests of directories, links, metadata and content.</summary>
public sealed class PathTests : FileTest
{
    [Fact]
    public async Task A_directory_is_created_with_its_parents_and_its_mode()
    {
        UpdateDirectory request = new() { Path = fixture.PathOf("a/b/c"), Mode = "02750" };

        var made = await fixture.ResultAsync(FileOperations.UpdateDirectory, request);

        Assert.Equal((true, "missing"), (made.Changed, made.Differences!.Single()));
        Assert.Equal(["0755", "0755", "02750"], new[] { "a", "a/b", "a/b/c" }.Select(name => OctalMode.Format((int)File.GetUnixFileMode(fixture.PathOf(name)))));
        Assert.False((await fixture.ResultAsync(FileOperations.UpdateDirectory, request)).Changed);
        Assert.Equal(["mode"], (await fixture.ResultAsync(FileOperations.UpdateDirectory, request with { Mode = "0700" })).Differences!);
    }

    [Fact]
    public async Task Without_create_parents_a_missing_parent_is_an_error_also_in_a_check()
    {
        UpdateDirectory request = new() { Path = fixture.PathOf("a/b"), CreateParents = false };

        foreach (var isCheck in (bool[])[true, false])
            Assert.Equal(ErrorType.NotFound, (await fixture.RunAsync(FileOperations.UpdateDirectory, request, isCheck)).ErrorType);
        Assert.Empty(Directory.GetFileSystemEntries(fixture.Tree));
    }

    [Fact]
    public async Task What_is_no_directory_is_a_conflict()
    {
        fixture.Write("file", "x");
        File.CreateSymbolicLink(fixture.PathOf("link"), "/tmp");

        foreach (var (name, kind) in new[] { ("file", "a file"), ("link", "a symbolic link") })
        {
            var entry = await fixture.RunAsync(FileOperations.UpdateDirectory, new() { Path = fixture.PathOf(name), Mode = "0700" });
            Assert.Equal((ErrorType.Conflict, $"{fixture.PathOf(name)} is {kind}, not a directory"), (entry.ErrorType, entry.Error));
        }
    }

    [Fact]
    public async Task A_link_is_created_and_led_elsewhere()
    {
        UpdateLink request = new() { Path = fixture.PathOf("current"), Destination = "releases/1" };

        Assert.True((await fixture.ResultAsync(FileOperations.UpdateLink, request)).Changed);
        Assert.False((await fixture.ResultAsync(FileOperations.UpdateLink, request)).Changed);
        var changed = await fixture.ResultAsync(FileOperations.UpdateLink, request with { Destination = "releases/2" });

        Assert.Equal((true, "releases/1"), (changed.Changed, changed.Previous));
        Assert.Equal("releases/2", new FileInfo(fixture.PathOf("current")).LinkTarget);
        Assert.Single(Directory.GetFileSystemEntries(fixture.Tree));
    }

    [Fact]
    public async Task A_file_is_replaced_by_a_link_only_with_force_and_a_directory_never()
    {
        fixture.Write("current", "x");
        Directory.CreateDirectory(fixture.PathOf("directory"));
        UpdateLink request = new() { Path = fixture.PathOf("current"), Destination = "/tmp" };

        Assert.Contains("without force", (await fixture.RunAsync(FileOperations.UpdateLink, request)).Error, StringComparison.Ordinal);
        Assert.True((await fixture.ResultAsync(FileOperations.UpdateLink, request with { Force = true })).Changed);
        Assert.Equal(ErrorType.Conflict, (await fixture.RunAsync(FileOperations.UpdateLink, request with { Path = fixture.PathOf("directory"), Force = true })).ErrorType);
    }

    [Theory]
    [InlineData("there", null)]
    [InlineData("/etc", null)]
    [InlineData("/", null)]
    [InlineData("missing", ErrorType.NotFound)]
    [InlineData("missing/deep", ErrorType.NotFound)]
    public async Task A_destination_can_be_required_to_exist(string destination, ErrorType? error)
    {
        fixture.Write("there", "x");

        Assert.Equal(error, (await fixture.RunAsync(FileOperations.UpdateLink, new() { Path = fixture.PathOf("link"), Destination = destination, MissingOk = false })).ErrorType);
    }

    [Fact]
    public async Task Metadata_of_all_kinds_of_files_is_returned()
    {
        fixture.Write("file", "hello");
        Directory.CreateDirectory(fixture.PathOf("directory"));
        File.CreateSymbolicLink(fixture.PathOf("link"), "file");
        File.CreateSymbolicLink(fixture.PathOf("dangling"), "none");
        FilePath[] paths = [fixture.PathOf("file"), fixture.PathOf("directory"), fixture.PathOf("link"), fixture.PathOf("dangling"), fixture.PathOf("none"), fixture.PathOf("file/below"), "/dev/null"];

        var followed = (await fixture.ResultAsync(FileOperations.Stat, new() { Paths = paths, Checksum = true })).Files;
        var itself = (await fixture.ResultAsync(FileOperations.Stat, new() { Paths = paths, Follow = false })).Files;

        Assert.Equal(["file", "directory", "file", null, null, null, "char"], followed.Select(file => file.Type));
        Assert.Equal(["file", "directory", "link", "link", null, null, "char"], itself.Select(file => file.Type));
        Assert.Equal([true, true, true, false, false, false, true], followed.Select(file => file.Exists));
        Assert.Contains("not a directory", followed[5].Problem, StringComparison.Ordinal);
        Assert.Equal((5L, "file", "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"), (followed[0].Size!.Value, itself[2].Destination, followed[0].Sha256));
        Assert.Equal(File.GetLastWriteTimeUtc(fixture.PathOf("file")), followed[0].Modified!.Value.UtcDateTime);
        Assert.Equal(followed[0].Inode, followed[2].Inode);
    }

    [Fact]
    public async Task Content_is_returned_in_parts_and_as_base64_when_it_is_no_text()
    {
        fixture.Write("text", "aé→b");
        File.WriteAllBytes(fixture.PathOf("binary"), [0xFF, 0, 1]);

        var whole = await fixture.ResultAsync(FileOperations.Content, new() { Path = fixture.PathOf("text") });
        var part = await fixture.ResultAsync(FileOperations.Content, new() { Path = fixture.PathOf("text"), MaxBytes = 4 });
        var end = await fixture.ResultAsync(FileOperations.Content, new() { Path = fixture.PathOf("text"), Offset = 6 });
        var binary = await fixture.ResultAsync(FileOperations.Content, new() { Path = fixture.PathOf("binary") });
        var kernel = await fixture.ResultAsync(FileOperations.Content, new() { Path = "/proc/sys/kernel/ostype" });

        Assert.Equal(("aé→b", 7L, false, null), (whole.Content, whole.Size, whole.Truncated, whole.Restricted));
        // The cut would divide the arrow.
        Assert.Equal(("aé", 7L, true), (part.Content, part.Size, part.Truncated));
        Assert.Equal("b", end.Content);
        Assert.Equal((null, "/wAB"), (binary.Content, binary.ContentBase64));
        Assert.Equal("Linux\n", kernel.Content);
    }

    [Fact]
    public async Task Content_that_is_not_readable_for_all_needs_a_permission_and_is_marked()
    {
        fixture.Write("secret", "s3cret");
        File.SetUnixFileMode(fixture.PathOf("secret"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        GetContent request = new() { Path = fixture.PathOf("secret") };

        var refused = await fixture.RunAsync(FileOperations.Content, request);
        var shown = await fixture.RunWithContentAsync(FileOperations.Content, request);

        Assert.Equal(ErrorType.Denied, refused.ErrorType);
        Assert.Contains("s3cret", shown.Result!.Value.GetRawText(), StringComparison.Ordinal);
        var others = shown.WithoutFileContent();
        Assert.DoesNotContain("s3cret", others.Result!.Value.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(6, others.Result!.Value.GetProperty("size").GetInt32());
    }

    [Fact]
    public async Task Content_of_what_is_no_file_is_a_conflict()
    {
        Assert.Equal(ErrorType.Conflict, (await fixture.RunAsync(FileOperations.Content, new() { Path = "/dev/zero" })).ErrorType);
        Assert.Equal(ErrorType.Conflict, (await fixture.RunAsync(FileOperations.Content, new() { Path = fixture.Tree })).ErrorType);
        Assert.Equal(ErrorType.NotFound, (await fixture.RunAsync(FileOperations.Content, new() { Path = fixture.PathOf("none") })).ErrorType);
    }
}
