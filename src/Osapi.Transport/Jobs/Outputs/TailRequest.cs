using System.Diagnostics.CodeAnalysis;
using Osapi.Operations;
using Osapi.Operations.Jobs;

namespace Osapi.Transport.Jobs.Outputs;

/// <summary>The request of a reader for what a running command has written after an offset. Nothing is sent while nobody asks.</summary>
public sealed record TailRequest
{
    private const int ReaderLength = 32;

    /// <summary>The job.</summary>
    public required JobId JobId { get; init; }

    /// <summary>The stream.</summary>
    public required OutputStream Stream { get; init; }

    /// <summary>The number of bytes that the reader has.</summary>
    public required long Offset { get; init; }

    /// <summary>The random id of the reader, a part of the answer's subject: 32 hexadecimal digits.</summary>
    public required string Reader { get; init; }

    /// <summary>Creates the id of a reader.</summary>
    public static string NewReader() => Guid.NewGuid().ToString("N");

    /// <summary>Parses a request, which anybody may have sent; false for an invalid one.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out TailRequest? request)
    {
        request = MessageJson.Parse(bytes, JobJson.Default.TailRequest, out _);
        if (request is not { Offset: >= 0, Reader.Length: ReaderLength } || !request.Reader.All(char.IsAsciiHexDigitLower) || !Enum.IsDefined(request.Stream))
            request = null;
        return request is not null;
    }
}
