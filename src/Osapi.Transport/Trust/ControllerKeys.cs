using System.Security.Cryptography;

namespace Osapi.Transport.Trust;

/// <summary>
/// The private keys of a system's controllers: one for signatures, one for agreement with each agent. All controllers of
/// a system use copies of one file.
/// </summary>
/// <remarks>A holder of the file can command every host of the system.</remarks>
public sealed class ControllerKeys : IDisposable
{
    /// <summary>The name of its file in a controller's state directory.</summary>
    public const string FileName = "controller.key";

    private const string FileKind = "OSAPI controller key 1";

    // Neither is documented as safe for concurrent use.
    private readonly Lock gate = new();
    private readonly ECDsa signing;
    private readonly ECDiffieHellman agreement;

    private ControllerKeys(byte[] systemId, ECDsa signing, ECDiffieHellman agreement)
    {
        this.signing = signing;
        this.agreement = agreement;
        Public = ControllerPublicKey.Of(systemId, CurvePoint.BytesOf(signing.ExportParameters(includePrivateParameters: false)), CurvePoint.BytesOf(agreement.ExportParameters(includePrivateParameters: false)));
        var parameters = agreement.ExportParameters(includePrivateParameters: true);
        Secret = new(Public, parameters.D!);
        CryptographicOperations.ZeroMemory(parameters.D);
    }

    /// <summary>The part that agents pin.</summary>
    public ControllerPublicKey Public { get; }

    /// <summary>The secret that only controllers have.</summary>
    public ControllersSecret Secret { get; }

    /// <summary>Creates keys that are in no file.</summary>
    public static ControllerKeys Create() =>
        new(RandomNumberGenerator.GetBytes(ControllerPublicKey.SystemIdSize), ECDsa.Create(ECCurve.NamedCurves.nistP256), ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Loads the keys, or creates the file, and its directory, when there is none.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or other users can read it.</exception>
    public static ControllerKeys LoadOrCreate(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var values = KeyFile.LoadOrCreate(path, FileKind, static () => CreateValues(RandomNumberGenerator.GetBytes(ControllerPublicKey.SystemIdSize)));
        ECDsa? signing = null;
        ECDiffieHellman? agreement = null;
        try
        {
            if (!values.TryGetValue("system", out var systemId) || systemId.Length != ControllerPublicKey.SystemIdSize)
                throw KeyFile.Damaged(path, FileKind);
            signing = PrivateKey.Import(values, "signing", ECDsa.Create());
            agreement = PrivateKey.Import(values, "agreement", ECDiffieHellman.Create());
            return new(systemId, signing, agreement);
        }
        catch (CryptographicException)
        {
            signing?.Dispose();
            agreement?.Dispose();
            throw KeyFile.Damaged(path, FileKind);
        }
    }

    /// <summary>Creates the file of keys that follow others of the same system.</summary>
    /// <exception cref="InvalidDataException">There is another file in its place.</exception>
    internal static ControllerKeys CreateNext(string path, ControllerPublicKey present)
    {
        var systemId = present.SystemId.ToArray();
        KeyFile.LoadOrCreate(path, FileKind, () => CreateValues(systemId));
        return LoadOrCreate(path);
    }

    /// <summary>Signs a SHA-256 digest. It costs some 30 times what a tag costs.</summary>
    public byte[] Sign(ReadOnlySpan<byte> digest)
    {
        lock (gate)
            return signing.SignHash(digest);
    }

    /// <summary>Derives the secret that the controllers share with a host. The caller disposes it.</summary>
    /// <param name="hostKey">The host.</param>
    /// <param name="agent">The public key of its agent.</param>
    public HostSecret DeriveHostSecret(string hostKey, AgentPublicKey agent)
    {
        ArgumentException.ThrowIfNullOrEmpty(hostKey);
        ArgumentNullException.ThrowIfNull(agent);
        using var other = ECDiffieHellman.Create(CurvePoint.Parameters(agent.Point));
        using var otherKey = other.PublicKey;
        byte[] shared;
        lock (gate)
            shared = agreement.DeriveRawSecretAgreement(otherKey);
        return HostSecret.Derive(shared, Public, hostKey, agent);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        signing.Dispose();
        agreement.Dispose();
        Secret.Dispose();
    }

    private static Dictionary<string, byte[]> CreateValues(byte[] systemId)
    {
        using var signing = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var agreement = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        return new()
        {
            ["system"] = systemId,
            ["signing"] = signing.ExportPkcs8PrivateKey(),
            ["agreement"] = agreement.ExportPkcs8PrivateKey(),
        };
    }
}
