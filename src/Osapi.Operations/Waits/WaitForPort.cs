using Osapi.Operations.Files;
using Osapi.Operations.Json;
using Osapi.Operations.Network;

namespace Osapi.Operations.Waits;

/// <summary>Waits until a TCP port is open, closed or drained. It is a failure with the last reason when that takes too long.</summary>
/// <remarks>The name is looked up anew for each attempt, and each of its addresses is tried. A check tries once, without waiting.</remarks>
public sealed record WaitForPort : IValidatable
{
    /// <summary>An IPv4 address, an IPv6 address or a host name, as the host sees it; default: 127.0.0.1, the host itself.</summary>
    public HostAddress? Host { get; init; }

    /// <summary>The port, 1 to 65535.</summary>
    [Range(1, 65_535)]
    public required int Port { get; init; }

    /// <summary>The state to wait for; default: open.</summary>
    public PortState? State { get; init; }

    /// <summary>The seconds to wait at most, 1 to 3600; default: 300.</summary>
    [Range(1, 3600)]
    public int? Timeout { get; init; }

    /// <summary>The seconds between two attempts, 1 to 60; default: 1.</summary>
    [Range(1, 60)]
    public int? Interval { get; init; }

    /// <summary>The seconds that one attempt takes at most, to connect and to read, 1 to 60; default: 5.</summary>
    [Range(1, 60)]
    public int? ConnectTimeout { get; init; }

    /// <summary>The seconds to wait before the first attempt, a part of <c>timeout</c>, 0 to 3599; default: 0.</summary>
    [Range(0, 3599)]
    public int? Delay { get; init; }

    /// <summary>A regular expression that must match in the first 64 KiB that the other side sends; default: nothing is read.</summary>
    public TextPattern? Expect { get; init; }

    IEnumerable<Problem> IValidatable.Validate()
    {
        if (Delay >= (Timeout ?? 300))
            yield return new("delay", "must be shorter than timeout");
        if (Expect is not null && State is PortState.Closed or PortState.Drained)
            yield return new("expect", "must not be given for a port that is to be closed");
    }
}

public static partial class WaitOperations
{
    /// <inheritdoc cref="WaitForPort"/>
    public static Operation<WaitForPort, PortWaitResult> Port { get; } = new("wait.port.do", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Post("/node/{hostname}/wait/port"),
        Permission = Permissions.NetworkRead,
        Rights = "none",
        Request = WaitJson.Requests.WaitForPort,
        Result = WaitJson.Results.PortWaitResult,
        Timeout = static request => LimitOf(request.Timeout),
        Example = static () => (
            new() { Port = 8080, Timeout = 60 },
            new() { State = PortState.Open, WaitedMs = 2013, Attempts = 3, Address = "127.0.0.1" }),
    };
}

public sealed partial class WaitClient
{
    /// <inheritdoc cref="WaitForPort"/>
    public Task<JobReply<PortWaitResult>> PortAsync(Target target, WaitForPort request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(WaitOperations.Port, request, target, options, cancellationToken);
}
