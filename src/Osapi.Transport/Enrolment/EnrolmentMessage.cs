using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Osapi.Transport.Jobs;

namespace Osapi.Transport.Enrolment;

/// <summary>A request to enroll as it travels: its exact bytes, and the tag of the join token.</summary>
public sealed record EnrolmentMessage
{
    private const int MaxSize = 2 * EnrolmentRequest.MaxSize;

    /// <summary>The bytes of the request.</summary>
    public required byte[] Request { get; init; }

    /// <summary>The tag over the request under the secret of a join token; null without a token.</summary>
    public byte[]? Tag { get; init; }

    /// <summary>Creates the message of a request.</summary>
    public static EnrolmentMessage Of(EnrolmentRequest request, JoinToken? token)
    {
        ArgumentNullException.ThrowIfNull(request);
        var bytes = (request with { Token = token?.Id }).ToBytes();
        return new() { Request = bytes, Tag = token?.TagOf(bytes) };
    }

    /// <summary>Serializes the message.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, EnrolmentJson.Default.EnrolmentMessage);

    /// <summary>Parses a message, which anybody may have written.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out EnrolmentMessage? message)
    {
        message = bytes.Length > MaxSize ? null : MessageJson.Parse(bytes, EnrolmentJson.Default.EnrolmentMessage, out _);
        return message is not null;
    }
}
