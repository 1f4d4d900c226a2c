namespace Osapi.Controller;

/// <summary>The limits of a controller, per caller and in total.</summary>
/// <remarks>A caller is the subject of a token, or the source address without a valid token.</remarks>
public sealed record ControllerLimits
{
    /// <summary>The maximum size, in bytes, of a request that is expected to be small; default 256 KiB.</summary>
    public long SmallRequestBytes { get; init; } = 256 * 1024;

    /// <summary>
    /// The time within which the body of a request must arrive, and within which an upload must make progress; default
    /// 30 seconds.
    /// </summary>
    public TimeSpan BodyTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The maximum memory for request bodies, in bytes; default 64 MiB. One caller gets half of it.</summary>
    public long BodyMemoryBytes { get; init; } = 64L << 20;

    /// <summary>
    /// The maximum number of connections per listener; default 2,000. Beyond it, an idle connection is closed for a new
    /// one.
    /// </summary>
    public int MaxConnections { get; init; } = 2000;

    /// <summary>The maximum number of concurrent requests; default 1,000.</summary>
    public int MaxRequests { get; init; } = 1000;

    /// <summary>The maximum number of concurrent requests per caller; default 500.</summary>
    public int MaxRequestsPerCaller { get; init; } = 500;

    /// <summary>The maximum number of event streams; default 500.</summary>
    public int MaxEventStreams { get; init; } = 500;

    /// <summary>The maximum number of event streams per caller; default 50.</summary>
    public int MaxEventStreamsPerCaller { get; init; } = 50;

    /// <summary>
    /// The number of invalid tokens that an address may send within a minute before its failures are delayed; default
    /// 10.
    /// </summary>
    public int MaxFailedLogins { get; init; } = 10;
}
