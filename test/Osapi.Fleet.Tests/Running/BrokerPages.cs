using System.Text.Json;

namespace Osapi.Fleet.Tests.Running;

/// <summary>Reads the monitoring pages of brokers.</summary>
internal static class BrokerPages
{
    /// <summary>Finds the leader of the log of jobs on the page of any server, inside the host, where it listens.</summary>
    public static async Task<Part> LeaderAsync(RunningFleet fleet, CancellationToken cancellationToken)
    {
        var begin = TimeProvider.System.GetTimestamp();
        while (true)
        {
            foreach (var broker in fleet.Brokers)
            {
                var answer = await broker.Host.MustAsync("bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8222; printf 'GET /jsz?accounts=1&streams=1 HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3");
                using var page = JsonDocument.Parse(answer[answer.IndexOf('{', StringComparison.Ordinal)..]);
                var leader = page.RootElement.TryGetProperty("account_details", out var accounts)
                    ? accounts.EnumerateArray().SelectMany(account => account.TryGetProperty("stream_detail", out var streams) ? [.. streams.EnumerateArray()] : Array.Empty<JsonElement>())
                        .Where(stream => stream.GetProperty("name").GetString()!.Contains("JOB", StringComparison.OrdinalIgnoreCase))
                        .Select(stream => stream.GetProperty("cluster").TryGetProperty("leader", out var name) ? name.GetString() : null).FirstOrDefault(name => name is not null)
                    : null;
                if (leader is not null)
                    return fleet.Brokers.Single(one => one.Host.Name == leader);
            }

            Assert.True(TimeProvider.System.GetElapsedTime(begin) < TimeSpan.FromSeconds(60), "no server says who leads");
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, cancellationToken);
        }
    }
}
