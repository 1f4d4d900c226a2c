using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Osapi.Operations;

namespace Osapi.Agent.Tests.Files.Archives;

/// <summary>Tests of archives that try to leave the directory, to fill the host, or are damaged. Nothing is written of any of them.</summary>
public sealed class HostileArchiveTests : ExtractTest
{
    [Theory]
    [InlineData("../evil", "'../evil' leaves the directory")]
    [InlineData("a/../../evil", "'a/../../evil' leaves the directory")]
    [InlineData("a/..", "'a/..' leaves the directory")]
    [InlineData("/etc/evil", "'/etc/evil' has an absolute name")]
    [InlineData("a/\u001b[31m", "control characters")]
    // The reader of tar archives refuses this one by itself.
    [InlineData("new\nline", "")]
    public async Task A_name_that_leaves_the_directory_is_refused_in_every_format(string name, string reason)
    {
        byte[][] archives = [Tar(File("good", "1"), File(name, "x")), Gzip(Tar(File("good", "1"), File(name, "x"))), Zip(("good", "1", 0), (name, "x", 0))];
        foreach (var archive in archives)
        {
            Put(archive);
            Assert.Contains(reason, await RefusedAsync(Request), StringComparison.Ordinal);
            // Leaving it out does not help.
            await RefusedAsync(Request with { Include = ["good"], Strip = 0 });
        }
    }

    [Theory]
    [InlineData("link", "/etc")]
    [InlineData("link", "..")]
    [InlineData("link", "a/../../..")]
    [InlineData("a/link", "../..")]
    [InlineData("a/link", "b/../c")]
    public async Task A_symbolic_link_that_may_leave_the_directory_is_refused(string name, string target)
    {
        Assert.Contains("may leave the directory", await RefusedAsync(File("good", "1"), Entry(TarEntryType.SymbolicLink, name, target)), StringComparison.Ordinal);
        Put(Zip((name, target, 0xA1FF)));
        Assert.Contains("may leave the directory", await RefusedAsync(Request), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_symbolic_link_that_is_inside_only_before_its_directories_are_removed_is_refused()
    {
        Put(Tar(Entry(TarEntryType.SymbolicLink, "top/a/link", "../../x")));

        Assert.True(await CheckAsync(Request));
        Assert.Contains("may leave the directory", await RefusedAsync(Request with { Strip = 1 }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_is_not_written_through_a_link_of_the_archive_or_of_the_host()
    {
        Assert.Contains("'link/evil' is below 'link', which is no directory in it", await RefusedAsync(Entry(TarEntryType.SymbolicLink, "link", "a"), File("link/evil", "x")), StringComparison.Ordinal);

        Directory.CreateDirectory(fixture.PathOf("outside"));
        Directory.CreateDirectory(fixture.PathOf("dest"));
        Directory.CreateSymbolicLink(fixture.PathOf("dest/sub"), fixture.PathOf("outside"));
        System.IO.File.CreateSymbolicLink(fixture.PathOf("dest/file"), fixture.PathOf("outside/file"));
        Assert.Contains("dest/sub is not a directory, and links are not followed", await RefusedAsync(File("good", "1"), File("sub/evil", "x")), StringComparison.Ordinal);
        Assert.Contains("dest/sub is a symbolic link and is not replaced", await RefusedAsync(Entry(TarEntryType.Directory, "sub/")), StringComparison.Ordinal);
        Assert.Contains("dest/file is a symbolic link and is not replaced", await RefusedAsync(File("file", "x")), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(fixture.PathOf("outside")));
    }

    [Fact]
    public async Task Devices_and_pipes_are_refused()
    {
        Assert.Contains("'null' in it is a device", await RefusedAsync(File("good", "1"), Entry(TarEntryType.CharacterDevice, "null")), StringComparison.Ordinal);
        Assert.Contains("is a device", await RefusedAsync(Entry(TarEntryType.BlockDevice, "disk")), StringComparison.Ordinal);
        Assert.Contains("is a named pipe", await RefusedAsync(Entry(TarEntryType.Fifo, "pipe")), StringComparison.Ordinal);
        Put(Zip(("null", "", 0x21B6)));
        Assert.Contains("is no file, directory or link", await RefusedAsync(Request), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_is_there_twice_is_refused_and_a_directory_may_be()
    {
        Assert.Contains("it has 'a' twice", await RefusedAsync(File("a", "1"), File("./a", "2")), StringComparison.Ordinal);
        Assert.Contains("'a/b' is below 'a', which is no directory in it", await RefusedAsync(File("a", "1"), File("a/b", "2")), StringComparison.Ordinal);
        Assert.Contains("it has 'a' twice", await RefusedAsync(File("a/b", "1"), File("a", "2")), StringComparison.Ordinal);
        Put(Zip(("a", "1", 0), ("a", "2", 0)));
        Assert.Contains("it has 'a' twice", await RefusedAsync(Request), StringComparison.Ordinal);

        Put(Tar(Entry(TarEntryType.Directory, "a/"), File("a/b", "1"), Entry(TarEntryType.Directory, "a/")));
        Assert.True((await ExtractAsync(Request)).Changed);
        Assert.False((await ExtractAsync(Request)).Changed);
    }

    [Fact]
    public async Task A_hard_link_to_what_the_archive_does_not_have_is_refused()
    {
        foreach (var target in (string[])["/etc/shadow", "../x", "none", "b"])
            await RefusedAsync(Entry(TarEntryType.HardLink, "a", target), File("b", "1"));
    }

    [Fact]
    public async Task A_file_on_the_host_of_another_kind_is_not_replaced()
    {
        Directory.CreateDirectory(fixture.PathOf("dest/a"));
        fixture.Write("dest/b", "x");

        Assert.Contains("dest/a is a directory and is not replaced", await RefusedAsync(File("a", "1")), StringComparison.Ordinal);
        Assert.Contains("dest/b is a file and is not replaced", await RefusedAsync(Entry(TarEntryType.Directory, "b/")), StringComparison.Ordinal);
        Assert.Contains("dest/b is not a directory", await RefusedAsync(File("b/c", "1")), StringComparison.Ordinal);
        Assert.Contains("dest/b is a file and is not replaced", await RefusedAsync(File("a/x", "1"), Entry(TarEntryType.SymbolicLink, "b", "a")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bomb_is_refused_before_anything_is_written()
    {
        var large = Tar(File("bomb", "x"));
        // The size of the file, in the header that is not an extended one: 11 GiB, and its checksum.
        var header = IndexOf(large, "bomb") is var at && at >= 0 ? at : throw new InvalidOperationException();
        Encoding.ASCII.GetBytes("130000000000").CopyTo(large, header + 124);
        SetChecksum(large.AsSpan(header, 512));
        Put(Gzip(large));
        Assert.Contains("it has more than 10737418240 bytes", await RefusedAsync(Request), StringComparison.Ordinal);

        Put(Gzip(Tar([.. Enumerable.Range(0, 200_001).Select(number => new UstarTarEntry(TarEntryType.RegularFile, $"{number}"))])));
        Assert.Contains("it has more than 200000 entries", await RefusedAsync(Request), StringComparison.Ordinal);

        var deep = string.Concat(Enumerable.Repeat(new string('d', 100) + "/", 30));
        Put(Gzip(Tar([.. Enumerable.Range(0, 1000).Select(number => File($"{number}/{deep}x", ""))])));
        Assert.Contains("its names are too large together", await RefusedAsync(Request), StringComparison.Ordinal);

        Put(Tar(File(string.Concat(Enumerable.Repeat("a/", 150)) + "x", "")));
        Assert.Contains("is too long", await RefusedAsync(Request), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_that_would_fill_the_memory_are_refused()
    {
        var archive = Tar(File("é", "x"));
        // The extended header in front claims 512 MiB of attributes.
        Encoding.ASCII.GetBytes("04000000000 ").CopyTo(archive, 124);
        SetChecksum(archive.AsSpan(0, 512));
        MemoryStream bytes = new();
        using (GZipStream packed = new(bytes, CompressionLevel.Fastest))
        {
            packed.Write(archive.AsSpan(0, 512));
            var zeros = new byte[1024 * 1024];
            for (var mebibyte = 0; mebibyte < 512; mebibyte++)
                packed.Write(zeros);
        }

        Put(bytes.ToArray());
        Assert.Contains("headers that are too large", await RefusedAsync(Request), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_archive_is_refused_wherever_it_is_damaged()
    {
        var tar = Tar(File("a", new string('a', 2000)), File("b", new string('b', 2000)));
        var gzip = Gzip(tar);
        var zip = Zip(("a", new string('a', 2000), 0), ("b", "b", 0));
        for (var cut = 1; cut < tar.Length - 1024; cut += 509)
            await RefusedAsync(tar[..cut]);
        // At the boundary between two entries.
        await RefusedAsync(tar[..^1024]);
        // Behind that are zeros and the checksum: nothing is lost without them.
        for (var cut = 5; cut < gzip.Length - 24; cut += 7)
            await RefusedAsync(gzip[..cut]);
        for (var cut = 5; cut < zip.Length - 1; cut += 11)
            await RefusedAsync(zip[..cut]);
        var flipped = (byte[])gzip.Clone();
        flipped[^5] ^= 1;
        await RefusedAsync(flipped);
        // The same content with another checksum in the directory of the zip, where the content has to be compared.
        fixture.Write("dest/a", new string('a', 2000));
        fixture.Write("dest/b", "b");
        var wrong = (byte[])zip.Clone();
        wrong[zip.AsSpan().LastIndexOf("PK\u0001\u0002"u8) + 16] ^= 1;
        await RefusedAsync(wrong);

        async Task RefusedAsync(byte[] archive)
        {
            Put(archive);
            await base.RefusedAsync(Request);
        }
    }

    [Fact]
    public async Task Random_changes_of_archives_end_in_a_result_or_an_error()
    {
        Random random = new(11);
        byte[][] archives = [Tar(File("a/b", "1"), Entry(TarEntryType.SymbolicLink, "l", "a"), File("c", "2")), Zip(("a/b", "1", 0x81A4), ("c", new string('c', 500), 0))];
        for (var round = 0; round < 300; round++)
        {
            var archive = (byte[])archives[round % archives.Length].Clone();
            for (var change = random.Next(1, 6); change > 0; change--)
                archive[random.Next(archive.Length)] = (byte)random.Next(256);
            Put(archive);

            var entry = await fixture.RunAsync(Osapi.Operations.Files.FileOperations.Extract, Request);
            Assert.True(entry.Outcome == Outcome.Ok || entry.ErrorType is ErrorType.Conflict, $"{entry.Outcome} {entry.ErrorType} {entry.Error}");
            Assert.Equal(["archive"], Directory.GetFileSystemEntries(fixture.Tree).Select(Path.GetFileName).Where(name => name != "dest"));
            if (Directory.Exists(fixture.PathOf("dest")))
                Directory.Delete(fixture.PathOf("dest"), recursive: true);
        }
    }

    [Theory]
    [InlineData("\u00FD7zXZ\0\0\0", "is compressed with xz: tar, tar with gzip, and zip can be extracted")]
    [InlineData("(\u00B5/\u00FD", "is compressed with zstd")]
    [InlineData("BZh9", "is compressed with bzip2")]
    [InlineData("#!/bin/sh", "has an unknown format")]
    [InlineData("", "has an unknown format")]
    public async Task Another_format_is_named(string content, string reason)
    {
        Put(Encoding.Latin1.GetBytes(content));

        Assert.Contains(reason, await RefusedAsync(Request), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Places_that_the_agent_may_not_touch_are_denied()
    {
        Put(Tar(File("a", "1")));
        foreach (var path in (string[])["archive", "dest", "dest/b", ""])
        {
            fixture.Restrictions = new() { Deny = new() { Paths = [fixture.PathOf(path).TrimEnd('/')] } };
            await RefusedAsync(Request, ErrorType.Denied);
        }

        fixture.Restrictions = new() { Allow = new() { Paths = [fixture.PathOf("archive")] } };
        await RefusedAsync(Request, ErrorType.Denied);
        fixture.Restrictions = new() { Deny = new() { Users = ["root"] } };
        await RefusedAsync(Request, ErrorType.Denied);
        fixture.Restrictions = new() { Allow = new() { Paths = [fixture.Tree] } };
        Assert.True((await ExtractAsync(Request)).Changed);
        await RefusedAsync(Request with { Path = fixture.PathOf("none") }, ErrorType.NotFound);
    }

    private static int IndexOf(byte[] archive, string name)
    {
        for (var at = 0; at < archive.Length; at += 512)
            if (archive.AsSpan(at).StartsWith(Encoding.ASCII.GetBytes(name + "\0")))
                return at;
        return -1;
    }

    private static void SetChecksum(Span<byte> header)
    {
        header.Slice(148, 8).Fill((byte)' ');
        var sum = 0;
        foreach (var one in header)
            sum += one;
        Encoding.ASCII.GetBytes(Convert.ToString(sum, toBase: 8).PadLeft(6, '0') + "\0 ").CopyTo(header[148..]);
    }
}
