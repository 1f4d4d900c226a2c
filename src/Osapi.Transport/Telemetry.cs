using System.Diagnostics.Metrics;

namespace Osapi.Transport;

/// <summary>What the transport counts.</summary>
internal static class Telemetry
{
    private static readonly Meter Meter = new("Osapi.Transport");

    /// <summary>Messages that a reader did not understand or accept, and passed over.</summary>
    public static Counter<long> SkippedMessages { get; } = Meter.CreateCounter<long>("osapi.messages.passed_over");

    /// <summary>Signals that a listener lost because it fell behind.</summary>
    public static Counter<long> DroppedSignals { get; } = Meter.CreateCounter<long>("osapi.transport.signals.dropped");
}
