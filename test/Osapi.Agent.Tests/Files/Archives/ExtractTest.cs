using System.Formats.Tar;
using System.IO.Compression;
using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Tests.Files.Archives;

/// <summary>A test of the extraction of one archive to one directory.</summary>
public abstract class ExtractTest : FileTest
{
    private protected static readonly DateTimeOffset Time = new(2026, 1, 2, 3, 4, 6, TimeSpan.Zero);

    private protected ExtractArchive Request => new() { Path = fixture.PathOf("archive"), Dest = fixture.PathOf("dest") };

    private protected static PaxTarEntry File(string name, string content, int mode = 0x1A4) => new(TarEntryType.RegularFile, name) { Mode = (UnixFileMode)mode, ModificationTime = Time, DataStream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(content)) };

    private protected static PaxTarEntry Entry(TarEntryType type, string name, string? target = null, int mode = 0x1ED)
    {
        PaxTarEntry entry = new(type, name) { Mode = (UnixFileMode)mode, ModificationTime = Time };
        if (target is not null)
            entry.LinkName = target;
        return entry;
    }

    private protected static byte[] Tar(params TarEntry[] entries)
    {
        MemoryStream bytes = new();
        using (TarWriter writer = new(bytes, TarEntryFormat.Pax, leaveOpen: true))
            foreach (var entry in entries)
                writer.WriteEntry(entry);
        return bytes.ToArray();
    }

    private protected static byte[] Gzip(byte[] content)
    {
        MemoryStream bytes = new();
        using (GZipStream packed = new(bytes, CompressionLevel.Fastest))
            packed.Write(content);
        return bytes.ToArray();
    }

    private protected static byte[] Zip(params (string Name, string Content, int Mode)[] entries)
    {
        MemoryStream bytes = new();
        using (ZipArchive zip = new(bytes, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, content, mode) in entries)
            {
                var entry = zip.CreateEntry(name);
                entry.ExternalAttributes = mode << 16;
                entry.LastWriteTime = Time;
                using var stream = entry.Open();
                stream.Write(System.Text.Encoding.UTF8.GetBytes(content));
            }

        return bytes.ToArray();
    }

    private protected void Put(byte[] archive) => System.IO.File.WriteAllBytes(fixture.PathOf("archive"), archive);

    private protected Task<ExtractResult> ExtractAsync(ExtractArchive request) => fixture.ResultAsync(FileOperations.Extract, request);

    private protected async Task<bool?> CheckAsync(ExtractArchive request) => (await fixture.RunAsync(FileOperations.Extract, request, check: true)).Check!.Changed;

    /// <summary>Extracts an archive that must be refused before anything is written, and as a check says.</summary>
    private protected async Task<string> RefusedAsync(ExtractArchive request, ErrorType type = ErrorType.Conflict)
    {
        var snapshot = fixture.Snapshot();
        foreach (var isCheck in (bool[])[true, false])
        {
            var entry = await fixture.RunAsync(FileOperations.Extract, request, isCheck);
            Assert.Equal((Outcome.Failed, type, false), (entry.Outcome, entry.ErrorType, entry.Changed));
            Assert.Equal(snapshot, fixture.Snapshot());
        }

        return (await fixture.RunAsync(FileOperations.Extract, request)).Error!;
    }

    private protected async Task<string> RefusedAsync(params TarEntry[] entries)
    {
        Put(Tar(entries));
        return await RefusedAsync(Request);
    }

    private protected string Mode(string name) => OctalMode.Format((int)System.IO.File.GetUnixFileMode(fixture.PathOf(name)));

    private protected string Dest => string.Join(' ', Directory.GetFileSystemEntries(fixture.PathOf("dest"), "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(fixture.PathOf("dest"), path)).Order(StringComparer.Ordinal));
}
