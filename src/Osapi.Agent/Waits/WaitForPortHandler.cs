using System.Net;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Network;
using Osapi.Operations;
using Osapi.Operations.Waits;

namespace Osapi.Agent.Waits;

/// <summary>Runs <see cref="WaitForPort"/> on this host.</summary>
internal static class WaitForPortHandler
{
    // A name with more has only these tried.
    private const int MaxAddresses = 16;

    public static async Task<PortWaitResult> HandleAsync(WaitForPort request, Host host, CancellationToken cancellationToken)
    {
        var state = request.State ?? PortState.Open;
        var name = request.Host ?? "127.0.0.1";
        WaitLoop loop = new(host, $"port {request.Port} of {name} is not {(state == PortState.Open ? "open" : state == PortState.Closed ? "closed" : "drained")}")
        {
            Limit = TimeSpan.FromSeconds(request.Timeout ?? 300),
            Interval = TimeSpan.FromSeconds(request.Interval ?? 1),
            Delay = TimeSpan.FromSeconds(request.Delay ?? 0),
            AttemptLimit = TimeSpan.FromSeconds(request.ConnectTimeout ?? 5),
        };
        (string? Address, string? Matched) reached = default;
        var (waited, attempts) = await loop.RunAsync(async stop =>
        {
            IReadOnlyList<IPAddress> addresses;
            try
            {
                addresses = [.. (await host.FindAddressesAsync(name, stop)).Take(MaxAddresses)];
            }
            catch (OperationException unknown) when (unknown.Type is ErrorType.NotFound or ErrorType.Unavailable)
            {
                // The name may be added while this waits.
                return unknown.Message;
            }

            if (state != PortState.Open)
                return await WhyNotClosedAsync(addresses, request.Port, state, host, stop);
            List<string> reasons = [];
            foreach (var address in addresses)
            {
                var (reason, matched) = await PortProbe.TryAsync(new(address, request.Port), request.Expect, stop);
                if (reason is null)
                {
                    reached = (address.ToString(), matched);
                    return null;
                }

                reasons.Add(addresses.Count == 1 ? reason : $"{address}: {reason}");
            }

            return string.Join("; ", reasons);
        }, cancellationToken);
        return new() { State = state, WaitedMs = waited, Attempts = attempts, Address = reached.Address, Matched = reached.Matched };
    }

    // Null when it is closed, or drained. A full queue of connections looks like a closed port: the host's own tables tell.
    private static async Task<string?> WhyNotClosedAsync(IReadOnlyList<IPAddress> addresses, int port, PortState state, Host host, CancellationToken stop)
    {
        foreach (var address in addresses)
        {
            var isOwn = IPAddress.IsLoopback(address) || host.Interfaces().Any(card => card.Addresses.Any(own => own.Address == address.ToString()));
            if (isOwn)
            {
                var (isListening, connections) = TcpSockets.At(host, address, port);
                if (isListening)
                    return $"a program listens on port {port}";
                if (state == PortState.Drained && connections > 0)
                    return $"{connections} connection{(connections == 1 ? "" : "s")} to port {port} {(connections == 1 ? "has" : "have")} not ended";
            }
            else if (state == PortState.Drained)
            {
                throw new OperationException(ErrorType.Invalid, $"state: drained is only known of the host's own ports, and {address} is another host's");
            }
            else if ((await PortProbe.TryAsync(new(address, port), expect: null, stop)).Reason is null)
            {
                return $"{address} accepts connections";
            }
        }

        return null;
    }
}
