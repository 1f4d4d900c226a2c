using System.Diagnostics.Metrics;

namespace Osapi.Transport;

/// <summary>What the transport counts.</summary>
internal static class Telemetry
{
    private static readonly Meter Meter = new("Osapi.Transport");

    /// <summary>Signals that a listener lost because it fell behind.</summary>
    public static Counter<long> DroppedSignals { get; } = Meter.CreateCounter<long>("osapi.transport.signals.dropped");
}
