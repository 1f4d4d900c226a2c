using System.Security.Cryptography;
using System.Text.Json;
using Osapi.Transport.Jobs;
using Osapi.Transport.Trust;

namespace Osapi.Transport.Enrolment;

/// <summary>The controllers' reply to a request to enroll. It is signed with their key, which comes with it.</summary>
public sealed record EnrolmentReply
{
    private const int MaxSize = 48 * 1024;

    /// <summary>The agent's name.</summary>
    public required string Name { get; init; }

    /// <summary>The fingerprint of the agent's key.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The nonce of the request.</summary>
    public required string Nonce { get; init; }

    /// <summary>The decision.</summary>
    public required EnrolmentStatus Status { get; init; }

    /// <summary>The reason why the agent is not accepted; null when it is.</summary>
    public string? Reason { get; init; }

    /// <summary>The labels that the agent has; null when it is not accepted.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Serializes and signs the reply.</summary>
    public byte[] Sign(ControllerKeys keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var reply = JsonSerializer.SerializeToUtf8Bytes(this, EnrolmentJson.Default.EnrolmentReply);
        SignedReply signed = new() { Reply = reply, Controllers = keys.Public.ToString(), Signature = keys.Sign(DigestOf(keys.Public, reply)) };
        return JsonSerializer.SerializeToUtf8Bytes(signed, EnrolmentJson.Default.SignedReply);
    }

    /// <summary>Parses a reply to this agent, and checks that the pinned controllers' key has signed it.</summary>
    /// <param name="bytes">The message, which anybody may have sent.</param>
    /// <param name="request">The request of this agent.</param>
    /// <param name="fingerprints">The fingerprints of the pinned controllers' keys: two while they are changed.</param>
    /// <param name="controllers">The controllers' key.</param>
    /// <param name="reason">The reason why it is not believed; null also for a reply to another request, which is nothing unusual.</param>
    /// <returns>The reply; null when it is not believed.</returns>
    public static EnrolmentReply? TryVerify(ReadOnlyMemory<byte> bytes, EnrolmentRequest request, IReadOnlyList<string> fingerprints, out ControllerPublicKey? controllers, out string? reason)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(fingerprints);
        (controllers, reason) = (null, "it is not a reply to a request to enroll");
        if (bytes.Length > MaxSize || MessageJson.Parse(bytes, EnrolmentJson.Default.SignedReply, out _) is not { } signed || !ControllerPublicKey.TryParse(signed.Controllers, provider: null, out var key))
            return null;
        reason = "it is signed by other controllers than the pinned ones";
        if (!fingerprints.Contains(key.Fingerprint))
            return null;
        reason = "its signature is not valid";
        if (!key.Verify(DigestOf(key, signed.Reply), signed.Signature) || MessageJson.Parse(signed.Reply, EnrolmentJson.Default.EnrolmentReply, out _) is not { } reply)
            return null;
        (controllers, reason) = (key, null);
        return reply.Nonce == request.Nonce && HostKey.Of(reply.Name) == HostKey.Of(request.Name) && AgentPublicKey.TryParse(request.Key, provider: null, out var own) && reply.Fingerprint == own.Fingerprint
            ? reply
            : null;
    }

    private static byte[] DigestOf(ControllerPublicKey controllers, ReadOnlySpan<byte> reply) =>
        SHA256.HashData((byte[])[.. "osapi enrolment reply 1\0"u8, .. controllers.SystemId, .. reply]);
}
