using Osapi.Transport.Enrolment;
using Osapi.Transport.Jobs;
using Osapi.Transport.Trust;

namespace Osapi.Controller.Enrolment;

/// <summary>The decision about a request to enroll: accepted, or pending until an operator decides, with the reason.</summary>
/// <param name="Status">The decision.</param>
/// <param name="Reason">The reason why it is not accepted as it is; null when it is.</param>
internal sealed record EnrolmentDecision(EnrolmentStatus Status, string? Reason = null)
{
    /// <summary>True when an operator can decide otherwise: the request is listed.</summary>
    public bool IsListed => Reason is not null && Status != EnrolmentStatus.Rejected;

    /// <summary>Decides about a request from the current entry of its host.</summary>
    /// <param name="entry">The entry; null when there is none.</param>
    /// <param name="request">The request.</param>
    /// <param name="key">Its key.</param>
    /// <param name="grant">The grant of its join token; null without a token, and with one that is not valid for it.</param>
    /// <param name="refusal">The reason why there is no grant.</param>
    public static EnrolmentDecision Of(RosterEntry? entry, EnrolmentRequest request, AgentPublicKey key, JoinGrant? grant, string refusal) =>
        entry is { IsEnrolled: true } && entry.Key == request.Key ? OfEnrolled(entry, request, grant, refusal)
        : entry?.Rejected?.Contains(key.Fingerprint) == true ? new(EnrolmentStatus.Rejected, "an operator has rejected its key")
        : entry is { IsEnrolled: true } ? Pending("its name has another key")
        // Neither the removed host nor a copied request can undo a removal with a token that was valid before it.
        : entry?.Key == request.Key || (entry?.Replaces is { } replaced && replaced == key.Fingerprint) ? Pending("its key was revoked")
        : grant is null ? Pending(refusal)
        : entry?.RevokedAt is { } revoked && grant.Issued <= revoked ? Pending("its join token is older than the removal of its name")
        : new(EnrolmentStatus.Accepted);

    /// <summary>Returns the entry of a host whose request is accepted.</summary>
    /// <param name="entry">The current entry; of version 0 when there is none.</param>
    /// <param name="request">The request.</param>
    /// <param name="key">Its key.</param>
    /// <param name="labels">The labels that are granted.</param>
    /// <param name="by">The subject who accepts.</param>
    /// <param name="now">The time.</param>
    public static RosterEntry Enrolled(RosterEntry entry, EnrolmentRequest request, AgentPublicKey key, IReadOnlyDictionary<string, string> labels, string by, DateTimeOffset now)
    {
        var isSameKey = entry.Key == request.Key;
        if (isSameKey && entry.IsEnrolled && AreSame(entry.GrantedLabels, labels))
            return entry;
        var rejected = entry.Rejected?.Where(fingerprint => fingerprint != key.Fingerprint).ToList();
        return entry with
        {
            Key = request.Key,
            GrantedLabels = labels,
            EnrolledAt = now,
            EnrolledBy = by,
            Replaces = isSameKey || entry.Key is null ? entry.Replaces : AgentPublicKey.Parse(entry.Key).Fingerprint,
            RevokedAt = null,
            Rejected = rejected is { Count: > 0 } ? rejected : null,
        };
    }

    private static EnrolmentDecision OfEnrolled(RosterEntry entry, EnrolmentRequest request, JoinGrant? grant, string refusal) =>
        request.Labels.All(label => entry.GrantedLabels?.TryGetValue(label.Key, out var granted) == true && granted == label.Value) || grant is not null
            ? new(EnrolmentStatus.Accepted)
            : new(EnrolmentStatus.Accepted, $"it asks for other labels, and {refusal}");

    private static EnrolmentDecision Pending(string reason) => new(EnrolmentStatus.Pending, reason);

    private static bool AreSame(IReadOnlyDictionary<string, string>? one, IReadOnlyDictionary<string, string> other) =>
        one?.Count == other.Count && one.All(label => other.TryGetValue(label.Key, out var value) && value == label.Value);
}
