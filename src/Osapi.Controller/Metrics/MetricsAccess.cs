namespace Osapi.Controller.Metrics;

/// <summary>The callers that read metrics without a token.</summary>
public enum MetricsAccess
{
    /// <summary>Callers on this machine: from a loopback address, or through the Unix socket.</summary>
    Local,

    /// <summary>Everyone who reaches the controller.</summary>
    Everyone,

    /// <summary>Nobody.</summary>
    Nobody,
}
