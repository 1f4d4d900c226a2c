using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Osapi.Operations;
using Osapi.Transport.Jobs;
using Osapi.Transport.Trust;

namespace Osapi.Transport.Enrolment;

/// <summary>The request of an agent to be enrolled under its name with its key. It is never stored; the agent repeats it.</summary>
public sealed record EnrolmentRequest
{
    /// <summary>The maximum number of labels.</summary>
    public const int MaxLabels = 32;

    /// <summary>The maximum size in bytes.</summary>
    public const int MaxSize = 24 * 1024;

    private const int MaxTextLength = 128;

    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The public key, as text.</summary>
    public required string Key { get; init; }

    /// <summary>The labels that it asks for.</summary>
    public IReadOnlyDictionary<string, string> Labels { get => field ?? new Dictionary<string, string>(); init; }

    /// <summary>The random number of this run of the agent. A reply repeats it.</summary>
    public required string Nonce { get; init; }

    /// <summary>The id of the join token; null without one.</summary>
    public string? Token { get; init; }

    /// <summary>The host's <c>/etc/machine-id</c>, as the agent states it.</summary>
    public string? MachineId { get; init; }

    /// <summary>The version of the agent's software, as it states it.</summary>
    public string? Version { get; init; }

    /// <summary>Serializes the request; the tag is computed over these bytes.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, EnrolmentJson.Default.EnrolmentRequest);

    /// <summary>Parses a request, which anybody may have written.</summary>
    /// <param name="hostKey">The host that its subject names.</param>
    /// <param name="bytes">The request.</param>
    /// <param name="request">The request.</param>
    /// <param name="key">Its key.</param>
    /// <param name="reason">The reason why it is invalid.</param>
    public static bool TryParse(
        string hostKey, ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out EnrolmentRequest? request, [NotNullWhen(true)] out AgentPublicKey? key, [NotNullWhen(false)] out string? reason)
    {
        key = null;
        request = bytes.Length > MaxSize ? null : MessageJson.Parse(bytes, EnrolmentJson.Default.EnrolmentRequest, out _);
        reason = request is null ? "it is not a request to enroll" : request.Validate(hostKey);
        if (reason is null && !AgentPublicKey.TryParse(request!.Key, provider: null, out key))
            reason = "its key is not a public key";
        if (reason is not null)
            request = null;
        return request is not null && key is not null;
    }

    private string? Validate(string hostKey) =>
        !HostKey.IsName(Name) ? "its name is not a valid host name"
        : HostKey.Of(Name) != hostKey ? "it has the name of another host"
        : !AgentClaim.IsId(Nonce) ? "its nonce is missing or too long"
        : Token is { Length: > JoinGrant.MaxLength } ? "its token is too long"
        : Labels.Count > MaxLabels || !Labels.All(label => label.Value is not null && Target.IsLabel(label.Key, label.Value)) ? "it has an invalid label, or too many"
        : !IsText(MachineId) || !IsText(Version) ? "its machine id or version is too long"
        : null;

    private static bool IsText(string? text) => text is null || (text.Length <= MaxTextLength && text.All(static letter => letter is >= ' ' and < '\x7f'));
}
