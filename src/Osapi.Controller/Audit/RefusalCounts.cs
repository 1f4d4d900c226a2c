using Microsoft.Extensions.Hosting;
using Osapi.Operations.Audit;
using Osapi.Transport;

namespace Osapi.Controller.Audit;

/// <summary>Counts the refusals of callers without identity by source, status and minute, and writes one entry for each.</summary>
internal sealed class RefusalCounts(AuditChain chain, TimeProvider time) : BackgroundService
{
    /// <summary>The maximum number of entries for a minute; the refusals of further sources are in one of them.</summary>
    public const int MaxSources = 256;

    /// <summary>The source of an entry for all that have none of their own.</summary>
    public const string OtherSources = "other sources";

    /// <summary>The time that an entry covers.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private Dictionary<(string Source, int Status), (long Count, DateTimeOffset First)> counts = [];

    /// <summary>Counts a refusal.</summary>
    public void Add(string source, int status, DateTimeOffset at)
    {
        lock (gate)
        {
            var key = counts.Count < MaxSources || counts.ContainsKey((source, status)) ? (source, status) : (OtherSources, status);
            counts[key] = counts.TryGetValue(key, out var known) ? (known.Count + 1, known.First) : (1, at);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Write();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => PeriodicLoop.RunAsync(
        Interval,
        time,
        _ =>
        {
            Write();
            return Task.CompletedTask;
        },
        stoppingToken);

    private void Write()
    {
        Dictionary<(string Source, int Status), (long Count, DateTimeOffset First)> minute;
        lock (gate)
            (minute, counts) = (counts, []);
        foreach (var ((source, status), (count, first)) in minute)
            chain.Write(new() { Timestamp = first, Kind = AuditKind.Refusals, SourceIp = source, ResponseCode = status, Outcome = AuditOutcome.Refused, Count = count });
    }
}
