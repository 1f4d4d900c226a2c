using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Osapi.Operations;
using Osapi.Operations.Agents;
using Osapi.Operations.Json;
using Osapi.Transport.Jobs;

namespace Osapi.Transport.Enrolment;

/// <summary>The constraints of a join token. They travel with the token, and its secret is bound to them.</summary>
public sealed record JoinGrant
{
    /// <summary>The maximum length of the text form.</summary>
    public const int MaxLength = 4096;

    /// <summary>The random id, which log lines and the roster name.</summary>
    public required string Id { get; init; }

    /// <summary>The pattern of the names that are admitted.</summary>
    public required string Name { get; init; }

    /// <summary>The labels that are granted. With none, the labels asked for are granted.</summary>
    public IReadOnlyDictionary<string, string> Labels { get => field ?? new Dictionary<string, string>(); init; }

    /// <summary>The time of the creation, by the clock of the controller that created it.</summary>
    public required DateTimeOffset Issued { get; init; }

    /// <summary>The time after which nobody is admitted.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>Gets the text form: one word of letters, digits, <c>-</c> and <c>_</c>.</summary>
    public string Encode() => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(this, EnrolmentJson.Default.JoinGrant));

    /// <summary>Parses the text form, which anybody may have written. It says nothing about who wrote it.</summary>
    public static bool TryDecode([NotNullWhen(true)] string? text, [NotNullWhen(true)] out JoinGrant? grant)
    {
        grant = null;
        if (text is not { Length: > 0 and <= MaxLength } || !Base64Url.IsValid(text))
            return false;
        grant = MessageJson.Parse(Base64Url.DecodeFromChars(text), EnrolmentJson.Default.JoinGrant, out _) is { } read && read.IsValid ? read : null;
        return grant is not null;
    }

    /// <summary>Gets the reason why a request is not covered; null when it is.</summary>
    public string? GetRefusal(EnrolmentRequest request, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(request);
        return now >= Expires ? "its join token has expired"
            : !((HostPattern)Name).Matches(request.Name) ? $"its join token admits {Name} only"
            : Labels.Count > 0 && request.Labels.Where(label => !Covers(label.Key, label.Value)).Select(label => label.Key).FirstOrDefault() is { } other ? $"its join token does not grant the label {other} that it asks for"
            : null;
    }

    /// <summary>Gets the labels that a host gets whose request is covered: those that it asked for, and for the others the token's.</summary>
    public IReadOnlyDictionary<string, string> LabelsOf(EnrolmentRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        Dictionary<string, string> granted = new(Labels);
        foreach (var (key, value) in request.Labels)
            granted[key] = value;
        return granted;
    }

    private bool IsValid =>
        AgentClaim.IsId(Id) && Text.TryParse<HostPattern>(Name) is not null
        && Labels.Count <= EnrolmentRequest.MaxLabels && Labels.All(label => label.Value is not null && Target.IsLabel(label.Key, label.Value));

    // A value below the granted one names a part of the granted hosts.
    private bool Covers(string key, string value) =>
        Labels.TryGetValue(key, out var granted) && (value == granted || value.StartsWith(granted + ".", StringComparison.Ordinal));
}
