namespace Osapi.Controller.Limits;

/// <summary>The quota of event streams, and the mark of the endpoints that it is for: a stream stays for hours, and must not take the place of requests.</summary>
internal sealed class EventStreamQuota(ControllerLimits limits)
{
    public Quota Quota { get; } = new(limits.MaxEventStreamsPerCaller, limits.MaxEventStreams);

    /// <summary>How many streams are open.</summary>
    public int Open => (int)Quota.Total;
}
