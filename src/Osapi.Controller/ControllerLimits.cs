namespace Osapi.Controller;

/// <summary>The bounds of what callers may take of a controller, each caller and all of them together.</summary>
/// <remarks>A caller is the subject of a token; without a valid token, the address that it calls from.</remarks>
public sealed record ControllerLimits
{
    /// <summary>The most bytes of a request that cannot need many; 256 KiB when not set.</summary>
    public long SmallRequestBytes { get; init; } = 256 * 1024;

    /// <summary>The time within which the body of a request must arrive, and within which an upload must make progress; 30 seconds when not set.</summary>
    public TimeSpan BodyTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The most bytes of bodies that are held in memory at once; 64 MiB when not set. One caller gets half of it.</summary>
    public long BodyMemoryBytes { get; init; } = 64L << 20;

    /// <summary>The most connections of each listener; 2,000 when not set. Beyond it, one that waits for a request makes room for a new one.</summary>
    public int MaxConnections { get; init; } = 2000;

    /// <summary>The most requests at once; 1,000 when not set.</summary>
    public int MaxRequests { get; init; } = 1000;

    /// <summary>The most requests of one caller at once; 500 when not set.</summary>
    public int MaxRequestsPerCaller { get; init; } = 500;

    /// <summary>The most streams of events at once; 500 when not set.</summary>
    public int MaxEventStreams { get; init; } = 500;

    /// <summary>The most streams of events of one caller at once; 50 when not set.</summary>
    public int MaxEventStreamsPerCaller { get; init; } = 50;

    /// <summary>How many tokens that are not valid one address may show within a minute before its failures are delayed; 10 when not set.</summary>
    public int MaxFailedLogins { get; init; } = 10;
}
