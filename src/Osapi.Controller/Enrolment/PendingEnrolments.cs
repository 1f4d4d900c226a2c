using Osapi.Transport.Enrolment;
using Osapi.Transport.Trust;

namespace Osapi.Controller.Enrolment;

/// <summary>The requests to enroll that this controller has heard lately. Agents repeat them, so that each controller has them in memory.</summary>
/// <remarks>
/// Everybody who reaches the broker can send requests: their number, their size, and the number for each name are bounded. Those that are
/// there stay until they are no longer repeated; further ones are dropped until then.
/// </remarks>
internal sealed class PendingEnrolments(TimeProvider time)
{
    /// <summary>The maximum number of requests.</summary>
    public const int MaxRequests = 1000;

    /// <summary>The maximum number of keys for one name.</summary>
    public const int MaxPerName = 4;

    private const int MaxBytes = 4 << 20;

    /// <summary>The time after which a request that is not repeated is forgotten.</summary>
    public static readonly TimeSpan ExpiresAfter = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly Dictionary<(string HostKey, string Fingerprint), PendingEnrolment> requests = [];
    private readonly Dictionary<string, int> perName = [];
    private long swept;
    private int bytes;

    /// <summary>The requests, rejected ones included.</summary>
    public IReadOnlyList<PendingEnrolment> All
    {
        get
        {
            lock (gate)
            {
                Sweep(force: true);
                return [.. requests.Values];
            }
        }
    }

    /// <summary>Adds a request, or records that it was repeated. False when there are too many.</summary>
    /// <param name="request">The request.</param>
    /// <param name="key">Its key.</param>
    /// <param name="size">Its size in bytes.</param>
    /// <param name="reason">The reason why an operator has to decide.</param>
    /// <param name="isRejected">True when an operator rejected its key.</param>
    /// <param name="isNew">True when it was not known.</param>
    public bool TryAdd(EnrolmentRequest request, AgentPublicKey key, int size, string reason, bool isRejected, out bool isNew)
    {
        PendingEnrolment added = new(request, key, size) { Reason = reason, IsRejected = isRejected, FirstHeard = time.GetUtcNow(), LastHeard = time.GetTimestamp() };
        lock (gate)
        {
            Sweep(force: false);
            var at = (added.HostKey, key.Fingerprint);
            isNew = !requests.TryGetValue(at, out var known);
            if (bytes - (known?.Size ?? 0) + size > MaxBytes || (isNew && (requests.Count >= MaxRequests || perName.GetValueOrDefault(at.HostKey) >= MaxPerName)))
                return false;
            Remove(at);
            requests[at] = added with { FirstHeard = known?.FirstHeard ?? added.FirstHeard };
            perName[at.HostKey] = perName.GetValueOrDefault(at.HostKey) + 1;
            bytes += size;
            return true;
        }
    }

    /// <summary>Finds a request; null when it is not known, or was not repeated.</summary>
    public PendingEnrolment? Find(string hostKey, string fingerprint)
    {
        lock (gate)
        {
            Sweep(force: true);
            return requests.GetValueOrDefault((hostKey, fingerprint));
        }
    }

    /// <summary>Forgets a request.</summary>
    public void Forget(string hostKey, string fingerprint)
    {
        lock (gate)
            Remove((hostKey, fingerprint));
    }

    private void Sweep(bool force)
    {
        if (!force && time.GetElapsedTime(swept) < SweepInterval)
            return;
        swept = time.GetTimestamp();
        foreach (var expired in requests.Where(request => time.GetElapsedTime(request.Value.LastHeard) >= ExpiresAfter).Select(request => request.Key).ToList())
            Remove(expired);
    }

    private void Remove((string HostKey, string Fingerprint) at)
    {
        if (!requests.Remove(at, out var removed))
            return;
        bytes -= removed.Size;
        if (--perName[at.HostKey] == 0)
            perName.Remove(at.HostKey);
    }
}
