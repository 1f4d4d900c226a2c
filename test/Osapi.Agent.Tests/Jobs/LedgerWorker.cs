using Osapi.Agent.Jobs.Ledgers;

namespace Osapi.Agent.Tests.Jobs;

/// <summary>
/// The entry point of a process that uses its ledger as an agent does, in many jobs at once, and reports each
/// acknowledgement immediately, until it is killed.
/// </summary>
internal static class LedgerWorker
{
    public const string Argument = "--ledger-worker";

    private const int InFlight = 16;

    public static async Task<int> RunAsync(string directory)
    {
        // A small limit, so that some of the kills hit a compaction.
        await using var ledger = await Ledger.OpenAsync(new() { Directory = directory, CompactAt = 32 * 1024 }, CancellationToken.None);
        using var output = Console.OpenStandardOutput();
        Lock gate = new();
        Say($"id {ledger.Id}");
        await Task.WhenAll(Enumerable.Range(0, InFlight).Select(lane => Task.Run(() => WorkAsync(lane))));
        return 0;

        async Task WorkAsync(int lane)
        {
            for (var turn = 0; ; turn++)
            {
                var jobId = $"{Environment.ProcessId}-{lane}-{turn}";
                if (turn % 3 == 0)
                    await ledger.RecordIntentAsync(JobIds.Of(jobId), "node.uptime.get", CancellationToken.None);
                await ledger.RecordClaimAsync(JobIds.Of(jobId), $"lane-{lane}", "node.uptime.get", turn, CancellationToken.None);
                Say($"claim {jobId}");
                if (turn % 50 == 7)
                    continue;
                await ledger.RecordFinishAsync(JobIds.Of(jobId), Entry(jobId), CancellationToken.None);
                Say($"fin {jobId}");
                if (turn % 10 == 3)
                    continue;
                ledger.Published(JobIds.Of(jobId));
                ledger.MoveCursor(new(DateTimeOffset.UnixEpoch, turn));
            }
        }

        // Written to the pipe immediately: output buffered in a killed process would not be checked.
        void Say(string line)
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(line + "\n");
            lock (gate)
                output.Write(bytes);
        }
    }

    public static byte[] Entry(string jobId) => [.. Enumerable.Repeat(System.Text.Encoding.UTF8.GetBytes(jobId), 1 + jobId.Length % 40).SelectMany(part => part)];
}
