using Osapi.Operations.Json;

namespace Osapi.Operations.Network;

/// <summary>Pings an address: sends ICMP echo requests and measures the replies. Lost packets are part of the result, not an error.</summary>
/// <remarks>An error means that the host could not send: an unknown host name, no route, or its own firewall.</remarks>
public sealed record PingHost : IValidatable
{
    /// <summary>An IPv4 address, an IPv6 address or a host name.</summary>
    public required HostAddress Address { get; init; }

    /// <summary>The number of echo requests, 1 to 100; default: 3.</summary>
    [Range(1, 100)]
    public int? Count { get; init; }

    /// <summary>Interval between echo requests in seconds, 0.2 to 60; default: 1.</summary>
    [Range(0.2, 60)]
    public double? Interval { get; init; }

    /// <summary>Timeout for each reply in seconds, 0.1 to 60; default: 5.</summary>
    [Range(0.1, 60)]
    public double? Timeout { get; init; }

    IEnumerable<Problem> IValidatable.Validate()
    {
        if (Duration(this) > MaxSeconds)
            yield return new("", $"count and interval would take more than {MaxSeconds} seconds");
    }

    internal const int MaxSeconds = 3600;

    // Includes time for resolving a host name.
    internal static TimeSpan TimeoutOf(PingHost request) => TimeSpan.FromSeconds(Duration(request) + 15);

    private static double Duration(PingHost request) => ((request.Count ?? 3) - 1) * (request.Interval ?? 1) + (request.Timeout ?? 5);
}

public static partial class NetworkOperations
{
    /// <inheritdoc cref="PingHost"/>
    public static Operation<PingHost, PingResult> Ping { get; } = new("network.ping.do", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Post("/node/{hostname}/network/ping"),
        Permission = Permissions.NetworkWrite,
        Rights = "a raw socket (`CAP_NET_RAW`), or the utility `ping`",
        Request = NetworkJson.Requests.PingHost,
        Result = NetworkJson.Results.PingResult,
        Timeout = PingHost.TimeoutOf,
        Example = static () => (
            new() { Address = "192.0.2.1", Count = 3 },
            new()
            {
                Address = "192.0.2.1",
                PacketsSent = 3,
                PacketsReceived = 3,
                PacketLoss = 0,
                MinRtt = "14.64ms",
                AvgRtt = "18.65ms",
                MaxRtt = "24.31ms",
                MinRttMs = 14.64,
                AvgRttMs = 18.65,
                MaxRttMs = 24.31,
            }),
    };
}

public sealed partial class NetworkClient
{
    /// <inheritdoc cref="PingHost"/>
    public Task<JobReply<PingResult>> PingAsync(Target target, PingHost request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(NetworkOperations.Ping, request, target, options, cancellationToken);
}
