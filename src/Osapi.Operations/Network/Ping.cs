using Osapi.Operations.Json;

namespace Osapi.Operations.Network;

/// <summary>Sends ICMP echo requests and measures the answers; lost ones are a result, not an error.</summary>
/// <remarks>An error is what kept the host from asking: an unknown name, no route, a firewall of its own.</remarks>
public sealed record PingHost : IValidatable
{
    /// <summary>An IPv4 address, an IPv6 address or a host name.</summary>
    public required PingAddress Address { get; init; }

    /// <summary>How many echo requests to send, 1 to 100; 3 when not given.</summary>
    [Range(1, 100)]
    public int? Count { get; init; }

    /// <summary>Seconds from one echo request to the next, 0.2 to 60; 1 when not given.</summary>
    [Range(0.2, 60)]
    public double? Interval { get; init; }

    /// <summary>Seconds to wait for each answer, 0.1 to 60; 5 when not given.</summary>
    [Range(0.1, 60)]
    public double? Timeout { get; init; }

    /// <inheritdoc/>
    public IEnumerable<Problem> Validate()
    {
        if (Length(this) > MaxSeconds)
            yield return new("", $"count and interval would take more than {MaxSeconds} seconds");
    }

    internal const int MaxSeconds = 3600;

    // A name may have to be looked up before.
    internal static TimeSpan LimitOf(PingHost request) => TimeSpan.FromSeconds(Length(request) + 15);

    private static double Length(PingHost request) => ((request.Count ?? 3) - 1) * (request.Interval ?? 1) + (request.Timeout ?? 5);
}

public static partial class NetworkOperations
{
    /// <inheritdoc cref="PingHost"/>
    public static Operation<PingHost, PingResult> Ping { get; } = new("network.ping.do", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Post("/node/{hostname}/network/ping"),
        Permission = Permissions.NetworkWrite,
        Request = NetworkJson.Requests.PingHost,
        Result = NetworkJson.Results.PingResult,
        Timeout = PingHost.LimitOf,
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
