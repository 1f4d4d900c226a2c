using System.Security.Cryptography;

namespace Osapi.Transport.Trust;

/// <summary>The private key of an agent. With the controllers' public key it gives the secret that the two share.</summary>
public sealed class AgentKeys : IDisposable
{
    /// <summary>The name of its file in an agent's state directory.</summary>
    public const string FileName = "agent.key";

    private const string FileKind = "OSAPI agent key 1";

    private readonly Lock gate = new();
    private readonly ECDiffieHellman agreement;

    private AgentKeys(ECDiffieHellman agreement)
    {
        this.agreement = agreement;
        Public = AgentPublicKey.Of(CurvePoint.BytesOf(agreement.ExportParameters(includePrivateParameters: false)));
    }

    /// <summary>The part that the controllers keep in the roster.</summary>
    public AgentPublicKey Public { get; }

    /// <summary>Creates a key that is in no file.</summary>
    public static AgentKeys Create() => new(ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Loads the key, or creates the file, and its directory, when there is none.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or other users can read it.</exception>
    public static AgentKeys LoadOrCreate(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var values = KeyFile.LoadOrCreate(path, FileKind, CreateValues);
        try
        {
            return new(PrivateKey.Import(values, "agreement", ECDiffieHellman.Create()));
        }
        catch (CryptographicException)
        {
            throw KeyFile.Damaged(path, FileKind);
        }
    }

    /// <summary>Derives the secret that the host shares with the controllers. The caller disposes it.</summary>
    /// <param name="hostKey">The host.</param>
    /// <param name="controllers">The controllers' key, which the agent pins.</param>
    public HostSecret DeriveHostSecret(string hostKey, ControllerPublicKey controllers)
    {
        ArgumentException.ThrowIfNullOrEmpty(hostKey);
        ArgumentNullException.ThrowIfNull(controllers);
        using var other = ECDiffieHellman.Create(CurvePoint.Parameters(controllers.AgreementPoint));
        using var otherKey = other.PublicKey;
        byte[] shared;
        lock (gate)
            shared = agreement.DeriveRawSecretAgreement(otherKey);
        return HostSecret.Derive(shared, controllers, hostKey, Public);
    }

    /// <inheritdoc/>
    public void Dispose() => agreement.Dispose();

    private static Dictionary<string, byte[]> CreateValues()
    {
        using var agreement = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        return new() { ["agreement"] = agreement.ExportPkcs8PrivateKey() };
    }
}
