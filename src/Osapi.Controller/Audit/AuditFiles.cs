using System.Globalization;
using System.Text.RegularExpressions;
using Osapi.Transport.Embedded;

namespace Osapi.Controller.Audit;

/// <summary>The files of audit chains: <c>audit/CHAIN/NUMBER.jsonl</c> in a controller's state directory, each named after its first entry.</summary>
internal sealed partial class AuditFiles
{
    private const string Extension = ".jsonl";
    private const string ChainFile = "chain";

    private readonly string directory;

    private AuditFiles(string directory, string own) => (this.directory, Own) = (directory, own);

    /// <summary>The directory of all chains.</summary>
    public string Root => directory;

    /// <summary>The name of this controller's chain.</summary>
    public string Own { get; }

    /// <summary>Finds the files of a state directory; null when it has no chain.</summary>
    public static AuditFiles? Find(string stateDirectory)
    {
        var directory = Path.Combine(stateDirectory, "audit");
        var file = Path.Combine(directory, ChainFile);
        return File.Exists(file) && File.ReadAllText(file).Trim() is var name && ChainName.IsMatch(name) ? new(directory, name) : null;
    }

    /// <summary>Opens the files of a state directory; starts a chain where there is none.</summary>
    public static AuditFiles OpenOrCreate(string stateDirectory)
    {
        if (Find(stateDirectory) is { } found)
            return found;
        var directory = Path.Combine(stateDirectory, "audit");
        PrivateFiles.CreateDirectory(directory);
        AuditFiles created = new(directory, Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(6)));
        Replace(Path.Combine(directory, ChainFile), System.Text.Encoding.ASCII.GetBytes(created.Own + "\n"));
        return created;
    }

    /// <summary>Replaces a small file so that it is durable, and readable by its owner only.</summary>
    public static void Replace(string path, byte[] content)
    {
        var part = path + ".new";
        using (FileStream file = new(part, PrivateFiles.Options(FileMode.Create, FileAccess.Write, FileShare.None)))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(part, path, overwrite: true);
        PrivateFiles.FlushDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>True for the name of a chain.</summary>
    public static bool IsChain(string text) => ChainName.IsMatch(text);

    /// <summary>Gets the names of all chains, this controller's first.</summary>
    public IReadOnlyList<string> Chains() =>
        [Own, .. Directory.EnumerateDirectories(directory).Select(path => Path.GetFileName(path)).Where(name => name != Own && IsChain(name)).Order(StringComparer.Ordinal)];

    /// <summary>Gets the files of a chain, in order.</summary>
    public IReadOnlyList<AuditSegment> Segments(string chain)
    {
        var path = Path.Combine(directory, chain);
        return !Directory.Exists(path) ? [] :
        [
            .. Directory.EnumerateFiles(path, "*" + Extension)
                .Where(file => long.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out _))
                .Select(file => new AuditSegment(file, long.Parse(Path.GetFileNameWithoutExtension(file), CultureInfo.InvariantCulture)))
                .OrderBy(segment => segment.First),
        ];
    }

    /// <summary>Creates the file for the entries of a chain from a number on.</summary>
    public FileStream Create(string chain, long first)
    {
        var path = Path.Combine(directory, chain);
        PrivateFiles.CreateDirectory(path);
        FileStream file = new(Path.Combine(path, first.ToString("D16", CultureInfo.InvariantCulture) + Extension), PrivateFiles.Options(FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite));
        try
        {
            // An attempt that failed may have left an empty one.
            if (file.Length > 0)
                throw new IOException($"{file.Name} exists already.");
            PrivateFiles.FlushDirectory(path);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Opens the last file of a chain for appending.</summary>
    public static FileStream Open(AuditSegment segment) => new(segment.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);

    [GeneratedRegex(@"\A[0-9a-f]{12}\z")]
    private static partial Regex ChainName { get; }
}

/// <summary>A file of a chain.</summary>
/// <param name="Path">The path.</param>
/// <param name="First">The number of its first entry.</param>
internal sealed record AuditSegment(string Path, long First);
