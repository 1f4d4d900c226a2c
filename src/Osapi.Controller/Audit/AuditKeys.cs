using System.Security.Cryptography;
using System.Text;
using Osapi.Transport.Trust;

namespace Osapi.Controller.Audit;

/// <summary>The keys of the authentication codes of audit chains, derived from the controllers' keys.</summary>
/// <remarks>
/// When the controllers' key is changed, the derived key of before stays in a file, sealed with one that is derived from the present key: old entries
/// can be verified after the previous key is retired.
/// </remarks>
internal sealed class AuditKeys
{
    private const string FileName = "keys";
    private const int KeySize = 32;
    private const int NonceSize = 12;
    private const int TagSize = 16;

    // A key change a day for ten years.
    private const int MaxKeys = 4096;

    private readonly Dictionary<string, byte[]> keys = [];

    private AuditKeys(ControllerKeyChain chain)
    {
        Present = Add(DeriveFrom(chain.Present));
        if (chain.Other is { } other)
            Add(DeriveFrom(other));
    }

    /// <summary>The id of the key that entries are written with.</summary>
    public string Present { get; }

    /// <summary>Loads the keys, without writing.</summary>
    public static AuditKeys Load(string directory, ControllerKeyChain chain)
    {
        AuditKeys loaded = new(chain);
        loaded.Read(Path.Combine(directory, FileName), chain);
        return loaded;
    }

    /// <summary>Loads the keys, and keeps the earlier ones for the time after the next change.</summary>
    public static AuditKeys LoadAndKeep(string directory, ControllerKeyChain chain)
    {
        AuditKeys loaded = new(chain);
        var path = Path.Combine(directory, FileName);
        loaded.Read(path, chain);
        var sealing = SealingKeyOf(chain.Present);
        var kept = loaded.keys.Where(key => key.Key != loaded.Present).Select(key => Convert.ToHexStringLower(Seal(sealing, key.Value))).ToList();
        if (kept.Count > 0)
            AuditFiles.Replace(path, Encoding.ASCII.GetBytes(string.Join('\n', kept) + '\n'));
        return loaded;
    }

    /// <summary>Finds a key; null for an unknown one.</summary>
    public byte[]? Find(string id) => keys.GetValueOrDefault(id);

    private void Read(string path, ControllerKeyChain chain)
    {
        if (!File.Exists(path))
            return;
        byte[][] sealing = [.. new[] { chain.Present, chain.Other }.OfType<ControllerKeys>().Select(SealingKeyOf)];
        foreach (var line in File.ReadLines(path).Take(MaxKeys))
            foreach (var one in sealing)
                if (Open(one, line) is { } key)
                    Add(key);
    }

    private string Add(byte[] key)
    {
        var id = Convert.ToHexStringLower(HMACSHA256.HashData(key, "osapi audit key id"u8).AsSpan(0, AuditLine.KeyIdSize / 2));
        keys[id] = key;
        return id;
    }

    private static byte[] DeriveFrom(ControllerKeys controllers) => controllers.Secret.Derive("audit log");

    private static byte[] SealingKeyOf(ControllerKeys controllers) => controllers.Secret.Derive("audit log keys");

    private static byte[] Seal(byte[] sealing, byte[] key)
    {
        var box = new byte[NonceSize + KeySize + TagSize];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceSize));
        using AesGcm cipher = new(sealing, TagSize);
        cipher.Encrypt(box.AsSpan(0, NonceSize), key, box.AsSpan(NonceSize, KeySize), box.AsSpan(NonceSize + KeySize));
        return box;
    }

    private static byte[]? Open(byte[] sealing, string line)
    {
        var box = new byte[NonceSize + KeySize + TagSize];
        if (line.Length != 2 * box.Length || Convert.FromHexString(line, box, out _, out _) != System.Buffers.OperationStatus.Done)
            return null;
        var key = new byte[KeySize];
        try
        {
            using AesGcm cipher = new(sealing, TagSize);
            cipher.Decrypt(box.AsSpan(0, NonceSize), box.AsSpan(NonceSize, KeySize), box.AsSpan(NonceSize + KeySize), key);
            return key;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
