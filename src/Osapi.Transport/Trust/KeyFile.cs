using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Osapi.Transport.Trust;

/// <summary>A file with private keys that only its owner can read: a first line that names its kind, then one <c>name value</c> per line.</summary>
internal static partial class KeyFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int MaxLength = 4096;
    private const int MaxLines = 16;

    /// <summary>Loads the file, or creates it, and its directory, when there is none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="kind">The first line.</param>
    /// <param name="create">Creates the values of a new file.</param>
    /// <exception cref="InvalidDataException">The file is of another kind or damaged, or other users can read it.</exception>
    public static IReadOnlyDictionary<string, byte[]> LoadOrCreate(string path, string kind, Func<IReadOnlyDictionary<string, byte[]>> create)
    {
        if (!File.Exists(path))
            Create(path, kind, create());
        if ((File.GetUnixFileMode(path) & ~OwnerOnly) != 0)
            throw new InvalidDataException($"{path} is a private key that other users can read. Run: chmod 600 {path}");
        return Parse(Read(path), kind) ?? throw Damaged(path, kind);
    }

    /// <summary>Gives the file a second name.</summary>
    public static void AddName(string path, string name)
    {
        if (Link(path, name) != 0)
            throw new IOException($"{name} cannot be created: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    /// <summary>Creates the exception for a file whose content is no key.</summary>
    public static InvalidDataException Damaged(string path, string kind) => new($"{path} is damaged, or is not a file of the kind '{kind}'. Restore it from a backup");

    private static string Read(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read);
        var bytes = new byte[MaxLength];
        var text = Encoding.ASCII.GetString(bytes, 0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
        CryptographicOperations.ZeroMemory(bytes);
        return text;
    }

    private static Dictionary<string, byte[]>? Parse(string text, string kind)
    {
        var lines = text.Split('\n', MaxLines, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (lines is not [var first, ..] || first != kind)
            return null;
        Dictionary<string, byte[]> values = [];
        foreach (var line in lines.AsSpan(1))
        {
            var bytes = new byte[line.Length];
            if (line.Split(' ') is not [var name, var value] || !Convert.TryFromBase64String(value, bytes, out var length) || !values.TryAdd(name, bytes[..length]))
                return null;
        }

        return values;
    }

    private static void Create(string path, string kind, IReadOnlyDictionary<string, byte[]> values)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Embedded.PrivateFiles.CreateDirectory(directory);
        // Written to a temporary file and linked into place: a concurrent process sees either no key or a complete one,
        // and only one key is kept.
        var temporary = $"{path}.{Guid.NewGuid():N}";
        try
        {
            using (FileStream file = new(temporary, Embedded.PrivateFiles.Options(FileMode.CreateNew, FileAccess.Write, FileShare.None)))
            {
                file.Write(Encoding.ASCII.GetBytes($"{kind}\n{string.Concat(values.Select(value => $"{value.Key} {Convert.ToBase64String(value.Value)}\n"))}"));
                file.Flush(flushToDisk: true);
            }

            // Unlike a rename, a link never replaces a file that another process created at the same moment.
            if (Link(temporary, path) != 0 && !File.Exists(path))
                throw new IOException($"{path} cannot be created: {Marshal.GetLastPInvokeErrorMessage()}");
            // A key that a power cut takes away would make a stranger of its owner.
            Embedded.PrivateFiles.FlushDirectory(directory);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Link(string from, string to);
}
