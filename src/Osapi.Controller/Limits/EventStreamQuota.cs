namespace Osapi.Controller.Limits;

/// <summary>The quota of event streams, and the marker of their endpoints.</summary>
/// <remarks>A stream lasts for hours, and must not take the place of requests.</remarks>
internal sealed class EventStreamQuota(ControllerLimits limits)
{
    public Quota Quota { get; } = new(limits.MaxEventStreamsPerCaller, limits.MaxEventStreams);

    /// <summary>The number of open streams.</summary>
    public int Open => (int)Quota.Total;
}
