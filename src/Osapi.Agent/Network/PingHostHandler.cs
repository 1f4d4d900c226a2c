using System.Globalization;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Network;
using Osapi.Operations.Network;

namespace Osapi.Agent.Network;

/// <summary>Runs <see cref="PingHost"/> on this host.</summary>
internal static class PingHostHandler
{
    public static async Task<PingResult> HandleAsync(PingHost request, Host host, CancellationToken cancellationToken)
    {
        var address = await host.FindAddressAsync(request.Address, cancellationToken);
        var echoes = await host.SendEchoesAsync(
            address,
            request.Count ?? 3,
            TimeSpan.FromSeconds(request.Interval ?? 1),
            TimeSpan.FromSeconds(request.Timeout ?? 5),
            cancellationToken);
        return Result(address.ToString(), echoes);
    }

    internal static PingResult Result(string address, IReadOnlyList<EchoReply> echoes)
    {
        var times = echoes.Select(echo => echo.Time).OfType<TimeSpan>().Select(time => time.TotalMilliseconds).ToList();
        double? Rounded(Func<List<double>, double> of) => times.Count == 0 ? null : Math.Round(of(times), 2);
        static string? Written(double? time) => time is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value:0.00}ms") : null;
        var (min, avg, max) = (Rounded(all => all.Min()), Rounded(all => all.Average()), Rounded(all => all.Max()));
        return new()
        {
            Address = address,
            PacketsSent = echoes.Count,
            PacketsReceived = times.Count,
            PacketLoss = echoes.Count == 0 ? 0 : Math.Round(100.0 * (echoes.Count - times.Count) / echoes.Count, 2),
            MinRtt = Written(min),
            AvgRtt = Written(avg),
            MaxRtt = Written(max),
            MinRttMs = min,
            AvgRttMs = avg,
            MaxRttMs = max,
            Note = string.Join("; ", echoes.Select(echo => echo.Reason).OfType<string>().Distinct()) is { Length: > 0 } reasons ? reasons : null,
        };
    }
}
