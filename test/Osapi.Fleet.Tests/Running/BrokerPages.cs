using System.Text.Json;

namespace Osapi.Fleet.Tests.Running;

/// <summary>Reads the monitoring pages of brokers.</summary>
internal static class BrokerPages
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(60), Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Finds the leader of the log of jobs on the page of any server, inside the host, where it listens.</summary>
    public static async Task<Part> LeaderAsync(RunningFleet fleet, CancellationToken cancellationToken)
    {
        string? leader = null;
        await UntilAsync(
            async () =>
            {
                foreach (var broker in fleet.Brokers)
                {
                    using var page = await ReadAsync(broker);
                    leader ??= Streams(page).Where(stream => stream.GetProperty("name").GetString()!.Contains("JOB", StringComparison.OrdinalIgnoreCase))
                        .Select(stream => LeaderOf(stream.GetProperty("cluster"))).FirstOrDefault(name => name is not null);
                }

                return leader is not null;
            },
            "no server says who leads", cancellationToken);
        return fleet.Brokers.Single(one => one.Host.Name == leader);
    }

    /// <summary>Completes when every stream, and the cluster itself, has a leader that says that all others have what it has. Before, none of them can be spared.</summary>
    public static Task InStepAsync(RunningFleet fleet, CancellationToken cancellationToken) => UntilAsync(
        async () =>
        {
            var (streams, inStep) = (new HashSet<string>(), new HashSet<string>());
            foreach (var broker in fleet.Brokers)
            {
                using var page = await ReadAsync(broker);
                foreach (var stream in Streams(page))
                    Count(stream.GetProperty("name").GetString()!, stream.GetProperty("cluster"));
                Count("", page.RootElement.GetProperty("meta_cluster"));

                void Count(string name, JsonElement cluster)
                {
                    streams.Add(name);
                    if (LeaderOf(cluster) == broker.Host.Name && IsInStep(cluster, fleet.Brokers.Count))
                        inStep.Add(name);
                }
            }

            return streams.Count > 1 && streams.SetEquals(inStep);
        },
        "the servers are not in step", cancellationToken);

    private static bool IsInStep(JsonElement cluster, int servers) =>
        cluster.TryGetProperty("replicas", out var replicas) && replicas.GetArrayLength() == servers - 1
        && replicas.EnumerateArray().All(replica => replica.GetProperty("current").GetBoolean() && !(replica.TryGetProperty("offline", out var offline) && offline.GetBoolean()));

    private static string? LeaderOf(JsonElement cluster) => cluster.TryGetProperty("leader", out var name) ? name.GetString() : null;

    private static List<JsonElement> Streams(JsonDocument page) => page.RootElement.TryGetProperty("account_details", out var accounts)
        ? [.. accounts.EnumerateArray().SelectMany(account => account.TryGetProperty("stream_detail", out var streams) ? [.. streams.EnumerateArray()] : Array.Empty<JsonElement>())]
        : [];

    private static async Task<JsonDocument> ReadAsync(Part broker)
    {
        var answer = await broker.Host.MustAsync("bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8222; printf 'GET /jsz?accounts=1&streams=1 HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3");
        return JsonDocument.Parse(answer[answer.IndexOf('{', StringComparison.Ordinal)..]);
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo, string otherwise, CancellationToken cancellationToken)
    {
        for (var begin = TimeProvider.System.GetTimestamp(); !await isSo(); await Task.Delay(Pause, TimeProvider.System, cancellationToken))
            Assert.True(TimeProvider.System.GetElapsedTime(begin) < WaitTimeout, $"{otherwise} after {WaitTimeout.TotalSeconds} s; the logs are in {Programs.Logs}");
    }
}
