using System.Security.Cryptography;
using System.Text;

namespace Osapi.Transport.Trust;

/// <summary>The secret that only the controllers of a system have, all the same one.</summary>
public sealed class ControllersSecret : IDisposable
{
    private const int KeySize = 32;

    private readonly byte[] root;

    internal ControllersSecret(ControllerPublicKey controllers, ReadOnlySpan<byte> privatePart)
    {
        root = new byte[KeySize];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, privatePart, root, controllers.SystemId, "osapi controllers 1"u8);
        var messages = Derive("messages", 2 * KeySize);
        Messages = new(messages);
        CryptographicOperations.ZeroMemory(messages);
    }

    /// <summary>The keys of what controllers write for each other.</summary>
    internal MessageKey Messages { get; }

    /// <summary>Derives a key for a purpose. Keys of different purposes tell nothing about each other.</summary>
    /// <param name="purpose">The purpose, such as <c>join tokens</c>.</param>
    /// <param name="size">The size in bytes.</param>
    public byte[] Derive(string purpose, int size = KeySize)
    {
        ArgumentException.ThrowIfNullOrEmpty(purpose);
        var key = new byte[size];
        HKDF.Expand(HashAlgorithmName.SHA256, root, key, [.. "purpose\0"u8, .. Encoding.UTF8.GetBytes(purpose)]);
        return key;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(root);
        Messages.Dispose();
    }
}
