using System.Security.Cryptography;
using System.Text;

namespace Osapi.Transport.Trust;

/// <summary>The secret that the controllers share with one host: a key for tags and a key for sealing in each direction.</summary>
public sealed class HostSecret : IDisposable
{
    private const int KeySize = 32;

    private HostSecret(string hostKey, ReadOnlySpan<byte> keys)
    {
        HostKey = hostKey;
        ToHost = new(keys[..(2 * KeySize)]);
        FromHost = new(keys[(2 * KeySize)..]);
    }

    /// <summary>The host.</summary>
    public string HostKey { get; }

    /// <summary>The keys of what controllers write for the host.</summary>
    internal MessageKey ToHost { get; }

    /// <summary>The keys of what the host writes.</summary>
    internal MessageKey FromHost { get; }

    /// <summary>Computes the tag of something that the host sends outside of messages, such as its enrolment.</summary>
    /// <param name="purpose">The purpose; tags of different purposes never fit each other.</param>
    /// <param name="content">The content.</param>
    public byte[] TagFromHost(string purpose, ReadOnlySpan<byte> content) => FromHost.Tag(purpose, content);

    /// <summary>Computes the tag of something that the controllers send to the host outside of messages, such as their answer to its enrolment.</summary>
    /// <param name="purpose">The purpose; tags of different purposes never fit each other.</param>
    /// <param name="content">The content.</param>
    public byte[] TagToHost(string purpose, ReadOnlySpan<byte> content) => ToHost.Tag(purpose, content);

    /// <inheritdoc/>
    public void Dispose()
    {
        ToHost.Dispose();
        FromHost.Dispose();
    }

    /// <summary>Derives the keys, and clears the shared secret.</summary>
    internal static HostSecret Derive(byte[] shared, ControllerPublicKey controllers, string hostKey, AgentPublicKey agent)
    {
        // Both public keys are in it, so that a key on one side alone never gives the same secret.
        byte[] info = [.. "osapi host 1\0"u8, .. controllers.Bytes, .. agent.Bytes, .. Encoding.UTF8.GetBytes(hostKey)];
        Span<byte> keys = stackalloc byte[4 * KeySize];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, shared, keys, controllers.SystemId, info);
        CryptographicOperations.ZeroMemory(shared);
        try
        {
            return new(hostKey, keys);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(keys);
        }
    }
}
