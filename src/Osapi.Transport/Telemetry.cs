using System.Diagnostics.Metrics;

namespace Osapi.Transport;

/// <summary>The metrics of the transport.</summary>
internal static class Telemetry
{
    private static readonly Meter Meter = new("Osapi.Transport");

    /// <summary>The number of messages that a reader skipped as unknown or invalid.</summary>
    public static Counter<long> SkippedMessages { get; } = Meter.CreateCounter<long>("osapi.messages.passed_over");

    /// <summary>The number of signals that a listener lost because it fell behind.</summary>
    public static Counter<long> DroppedSignals { get; } = Meter.CreateCounter<long>("osapi.transport.signals.dropped");
}
