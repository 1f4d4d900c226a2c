using System.Security.Cryptography;

namespace Osapi.Transport.Trust;

/// <summary>Public points of the curve P-256 as 64 bytes: x, then y.</summary>
internal static class CurvePoint
{
    public const int Size = 64;

    private const int Coordinate = Size / 2;

    /// <summary>Gets the bytes of a public key.</summary>
    public static byte[] BytesOf(ECParameters key) => [.. key.Q.X!, .. key.Q.Y!];

    /// <summary>Gets the public key of the bytes. An import of it checks that the point lies on the curve.</summary>
    public static ECParameters Parameters(ReadOnlySpan<byte> point) => new()
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = new() { X = point[..Coordinate].ToArray(), Y = point[Coordinate..Size].ToArray() },
    };

    /// <summary>Checks that the bytes are a point of the curve.</summary>
    public static bool IsValid(ReadOnlySpan<byte> point)
    {
        try
        {
            using var key = ECDiffieHellman.Create(Parameters(point));
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
