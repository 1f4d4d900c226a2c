using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace Osapi.Controller.Auth;

/// <summary>The key that signs tokens: 256 random bits in a file that only its owner can read.</summary>
public sealed partial class SigningKey
{
    /// <summary>The name of its file in a state directory.</summary>
    public const string FileName = "signing.key";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int Size = 32;

    private SigningKey(byte[] bytes)
    {
        Security = new(bytes);
        // One way: the id is public, and says nothing of the key.
        Security.KeyId = Convert.ToHexStringLower(Derive("token key id").AsSpan(0, 8));
    }

    internal SymmetricSecurityKey Security { get; }

    internal TokenKey ForTokens => new([Security.KeyId], SecurityAlgorithms.HmacSha256, Security);

    /// <summary>Loads the key, or creates one, and its directory, when there is none.</summary>
    /// <exception cref="InvalidDataException">The file is not a key, or other users can read it.</exception>
    public static SigningKey LoadOrCreate(string path)
    {
        if (!File.Exists(path))
            Create(path);
        return Load(path);
    }

    /// <summary>Loads a key.</summary>
    /// <exception cref="InvalidDataException">The file is not a key, or other users can read it.</exception>
    internal static SigningKey Load(string path)
    {
        if ((File.GetUnixFileMode(path) & ~OwnerOnly) != 0)
            throw new InvalidDataException($"{path} can be read by other users, who could create tokens with it. Remove it to create a new key at the next start, or run: chmod 600 {path}");
        try
        {
            var bytes = Convert.FromHexString(File.ReadAllText(path).Trim());
            return bytes.Length >= Size ? new(bytes) : throw new FormatException();
        }
        catch (FormatException)
        {
            throw new InvalidDataException($"{path} is not a signing key: expected at least {2 * Size} hexadecimal digits");
        }
    }

    /// <summary>Derives a key for another purpose, of which tokens tell nothing.</summary>
    internal byte[] Derive(string purpose) => HKDF.Expand(HashAlgorithmName.SHA256, Security.Key, Size, Encoding.UTF8.GetBytes(purpose));

    private static void Create(string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } directory)
            Directory.CreateDirectory(directory, OwnerOnly | UnixFileMode.UserExecute);

        // Written to a temporary file and linked into place: a concurrent process sees either no key or a complete one,
        // and only one key is kept.
        var temporary = $"{path}.{Guid.NewGuid():N}";
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly };
        try
        {
            using (FileStream file = new(temporary, options))
            {
                file.Write(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Size)) + "\n"));
                // An empty key after a power cut would keep the controller from starting.
                file.Flush(flushToDisk: true);
            }

            // Unlike a rename, a link never replaces a file that another process created at the same moment.
            if (Link(temporary, path) != 0 && !File.Exists(path))
                throw new IOException($"{path} cannot be made: {Marshal.GetLastPInvokeErrorMessage()}");
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Link(string from, string to);
}
