using System.Text.Json.Serialization;
using Osapi.Operations.Jobs;

namespace Osapi.Transport.Jobs.Outputs;

/// <summary>The output of one executor that is in the store in chunks. The reply itself has the beginning and the end of it.</summary>
public sealed record StoredOutput
{
    /// <summary>The standard output; null when the reply has all of it.</summary>
    public StoredStream? Stdout { get; init; }

    /// <summary>The standard error; null when the reply has all of it.</summary>
    public StoredStream? Stderr { get; init; }

    /// <summary>Gets a stream; null when the reply has all of it.</summary>
    public StoredStream? Find(OutputStream stream) => stream == OutputStream.Stdout ? Stdout : Stderr;

    /// <summary>The defect that no correct writer produces; null when there is none.</summary>
    internal string? Validate() => Stdout?.IsValid == false || Stderr?.IsValid == false ? "its output has impossible numbers" : null;
}

/// <summary>One stream that is in the store in chunks, all of which were stored before this was written.</summary>
/// <param name="Bytes">The number of bytes in the store.</param>
/// <param name="Chunks">The number of chunks.</param>
/// <param name="Sha256">The SHA-256 of the bytes, lower-case hexadecimal.</param>
public sealed record StoredStream(long Bytes, int Chunks, string Sha256)
{
    // Far above what any agent may store, so that no number overflows.
    private const long MaxBytes = 1L << 40;

    /// <summary>True when a correct writer may have written these numbers.</summary>
    [JsonIgnore]
    internal bool IsValid =>
        Bytes is >= 0 and <= MaxBytes && Chunks >= 0 && Bytes >= Chunks && Bytes <= Chunks * (long)OutputChunks.Size
        && Sha256.Length == 64 && Sha256.All(char.IsAsciiHexDigitLower);
}
