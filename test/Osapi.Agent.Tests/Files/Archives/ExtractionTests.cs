using System.Formats.Tar;
using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Tests.Files.Archives;

/// <summary>Tests of archives that are extracted, again, and after drift.</summary>
public sealed class ExtractionTests : ExtractTest
{
    private static byte[] App => Tar(
        Entry(TarEntryType.Directory, "./"), Entry(TarEntryType.Directory, "app-1.4/"), File("app-1.4/bin/app", "program", 0x1ED), File("app-1.4/etc/app.conf", "port", 0x1A0), File("app-1.4/empty", ""),
        Entry(TarEntryType.SymbolicLink, "app-1.4/etc/current", "../bin/app"), Entry(TarEntryType.HardLink, "app-1.4/bin/alias", "app-1.4/bin/app"), Entry(TarEntryType.Directory, "app-1.4/private/", mode: 0x1C0));

    public static TheoryData<string> Formats => ["tar", "tar.gz", "zip"];

    private static byte[] Archive(string format) => format switch
    {
        "tar" => Tar(File("a/one", "1"), File("two", "22", 0x1ED)),
        "tar.gz" => Gzip(Tar(File("a/one", "1"), File("two", "22", 0x1ED))),
        _ => Zip(("a/", "", 0), ("a/one", "1", 0x81A4), ("two", "22", 0x81ED)),
    };

    [Theory, MemberData(nameof(Formats))]
    public async Task An_archive_is_extracted_once_and_drift_is_repaired(string format)
    {
        Put(Archive(format));

        Assert.True(await CheckAsync(Request));
        Assert.False(Directory.Exists(fixture.PathOf("dest")));
        var first = await ExtractAsync(Request);
        Assert.Equal((true, first.Entries, 3L), (first.Changed, first.Written, first.Bytes));
        Assert.Equal(("1", "22", "0644", "0755", "a a/one two"), (fixture.Read("dest/a/one"), fixture.Read("dest/two"), Mode("dest/a/one"), Mode("dest/two"), Dest));
        await AssertSettledAsync(Request);

        Action[] drifts =
        [
            () => fixture.Write("dest/a/one", "2"),
            () => System.IO.File.Delete(fixture.PathOf("dest/two")),
            () => System.IO.File.SetUnixFileMode(fixture.PathOf("dest/two"), UnixFileMode.UserRead),
        ];
        foreach (var drift in drifts)
        {
            drift();
            Assert.True(await CheckAsync(Request));
            Assert.Equal((true, 1L), await ExtractAsync(Request) is var repaired ? (repaired.Changed, repaired.Written) : default);
            await AssertSettledAsync(Request);
        }

        fixture.Write("dest/own", "kept");
        await AssertSettledAsync(Request);
    }

    [Fact]
    public async Task Links_modes_and_times_are_those_of_the_archive()
    {
        Put(Gzip(App));

        var result = await ExtractAsync(Request with { Strip = 1 });

        Assert.Equal((true, 6L, 2L), (result.Changed, result.Entries, result.Skipped));
        Assert.Equal("bin bin/alias bin/app empty etc etc/app.conf etc/current private", Dest);
        Assert.Equal(("0755", "0640", "0700"), (Mode("dest/bin/app"), Mode("dest/etc/app.conf"), Mode("dest/private")));
        Assert.Equal("../bin/app", new FileInfo(fixture.PathOf("dest/etc/current")).LinkTarget);
        Assert.Equal(Time.UtcDateTime, System.IO.File.GetLastWriteTimeUtc(fixture.PathOf("dest/bin/app")));
        var stat = (await fixture.ResultAsync(FileOperations.Stat, new() { Paths = [fixture.PathOf("dest/bin/app"), fixture.PathOf("dest/bin/alias")] })).Files;
        Assert.Equal((stat[0].Inode, 2L), (stat[1].Inode, stat[0].Links));
        await AssertSettledAsync(Request with { Strip = 1 });

        // The other name follows when the file is replaced.
        fixture.Write("dest/bin/app", "changed");
        Assert.Equal(2, (await ExtractAsync(Request with { Strip = 1 })).Written);
        Assert.Equal("program", fixture.Read("dest/bin/alias"));
        await AssertSettledAsync(Request with { Strip = 1 });
    }

    [Fact]
    public async Task A_link_that_leads_elsewhere_is_led_back()
    {
        Put(Tar(File("a", "1"), Entry(TarEntryType.SymbolicLink, "link", "a")));
        await ExtractAsync(Request);
        System.IO.File.Delete(fixture.PathOf("dest/link"));
        System.IO.File.CreateSymbolicLink(fixture.PathOf("dest/link"), "/etc/passwd");

        Assert.Equal(1, (await ExtractAsync(Request)).Written);
        Assert.Equal("a", new FileInfo(fixture.PathOf("dest/link")).LinkTarget);
        await AssertSettledAsync(Request);
    }

    [Fact]
    public async Task Patterns_choose_what_is_extracted()
    {
        Put(App);

        var result = await ExtractAsync(Request with { Include = ["app-1.4/bin", "*.conf"], Exclude = ["*/alias"] });

        Assert.Equal("app-1.4 app-1.4/bin app-1.4/bin/app app-1.4/etc app-1.4/etc/app.conf", Dest);
        Assert.Equal((2L, 6L), (result.Entries, result.Skipped));
        Assert.Equal(
            "the archive is not extracted: 'app-1.4/bin/alias' is another name of 'app-1.4/bin/app', which is no file that is extracted before it",
            await RefusedAsync(Request with { Exclude = ["*/app"] }));
    }

    [Fact]
    public async Task Owner_and_mode_are_those_of_the_request_and_no_program_runs_as_its_owner()
    {
        if (!Environment.IsPrivilegedProcess)
            Assert.Skip("NOT TESTED: owners, because that needs root.");
        PaxTarEntry program = File("bin/su", "program", 0xFED);
        program.Uid = 1234;
        Put(Tar(Entry(TarEntryType.Directory, "bin/", mode: 0x1FF), program));
        var request = Request with { Owner = "65534", Mode = "go-w,o-x" };

        await ExtractAsync(request);

        Assert.Equal(("0754", "0754"), (Mode("dest/bin/su"), Mode("dest/bin")));
        var stat = (await fixture.ResultAsync(FileOperations.Stat, new() { Paths = [fixture.PathOf("dest/bin"), fixture.PathOf("dest/bin/su"), fixture.PathOf("dest")] })).Files;
        Assert.Equal([65534, 65534, 0], stat.Select(file => (int)file.Uid!.Value));
        await AssertSettledAsync(request);
        Assert.True((await ExtractAsync(request with { Owner = "root" })).Changed);
    }

    [Fact]
    public async Task A_directory_that_exists_keeps_its_mode()
    {
        Directory.CreateDirectory(fixture.PathOf("dest/a"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Put(Tar(Entry(TarEntryType.Directory, "a/", mode: 0x1FF), File("a/one", "1")));

        await ExtractAsync(Request);

        Assert.Equal("0700", Mode("dest/a"));
        await AssertSettledAsync(Request);
    }

    [Fact]
    public async Task A_newer_file_can_be_left_and_creates_leaves_everything()
    {
        fixture.Write("dest/a", "newer");
        fixture.Write("marker", "");
        Put(Tar(File("a", "1"), File("b", "2")));

        Assert.Equal((0L, 0L), await ExtractAsync(Request with { Creates = fixture.PathOf("marker") }) is var left ? (left.Entries, left.Written) : default);
        Assert.False(await CheckAsync(Request with { Creates = fixture.PathOf("marker"), Path = fixture.PathOf("none") }));
        Assert.Equal((1L, 1L), await ExtractAsync(Request with { KeepNewer = true }) is var newer ? (newer.Written, newer.Skipped) : default);
        Assert.Equal("newer", fixture.Read("dest/a"));
        await ExtractAsync(Request);
        Assert.Equal("1", fixture.Read("dest/a"));
    }

    [Fact]
    public async Task A_stored_archive_is_extracted()
    {
        await fixture.StoreAsync("app.zip", Zip(("a", "1", 0)));
        var request = Request with { Path = null, ObjectName = "app.zip" };

        Assert.True(await CheckAsync(request));
        Assert.True((await ExtractAsync(request)).Changed);
        Assert.Equal(("1", "0644"), (fixture.Read("dest/a"), Mode("dest/a")));
        await AssertSettledAsync(request);
        Assert.Empty(Directory.GetFileSystemEntries(fixture.State + "/spool"));
        await RefusedAsync(request with { ObjectName = "none" }, ErrorType.NotFound);
    }

    [Fact]
    public async Task An_archive_without_entries_changes_nothing()
    {
        Put(new byte[10_240]);
        Assert.False((await ExtractAsync(Request)).Changed);
        Put(Zip());
        Assert.False((await ExtractAsync(Request)).Changed);
    }

    [Fact]
    public async Task The_machines_own_tar_and_the_oldest_format_are_read()
    {
        fixture.Write("source/deep/file", "x");
        foreach (var format in (string[])["v7", "ustar", "gnu", "oldgnu", "posix"])
        {
            using (var tar = System.Diagnostics.Process.Start("tar", ["-C", fixture.PathOf("source"), "--format", format, "-cf", fixture.PathOf("archive"), "."]))
                await tar.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal("deep deep/file", await ExtractAsync(Request with { Dest = fixture.PathOf("dest") }) is not null ? Dest : "");
            Directory.Delete(fixture.PathOf("dest"), recursive: true);
        }
    }

    [Fact]
    public async Task All_mistakes_are_named()
    {
        Assert.Equal("path is required, or object_name; mode must be symbolic, such as go-w, with x before X; include must have patterns of 1 to 1000 characters",
            (await fixture.RunAsync(FileOperations.Extract, Request with { Path = null, Mode = "0644", Include = [""] })).Error);
        Assert.Equal("object_name must not be given together with path", (await fixture.RunAsync(FileOperations.Extract, Request with { ObjectName = "x" })).Error);
        Assert.Equal("strip must be between 0 and 10", (await fixture.RunAsync(FileOperations.Extract, Request with { Strip = 11 })).Error);
    }

    private async Task AssertSettledAsync(ExtractArchive request)
    {
        var snapshot = fixture.Snapshot();
        Assert.False(await CheckAsync(request));
        Assert.Equal((false, 0L), await ExtractAsync(request) is var again ? (again.Changed, again.Written) : default);
        Assert.Equal(snapshot, fixture.Snapshot());
    }
}
