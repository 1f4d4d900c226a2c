using System.Globalization;
using Osapi.Agent.Hosts;
using Osapi.Operations;
using Osapi.Operations.Agents;
using Osapi.Operations.Node;

namespace Osapi.Agent.Registration;

/// <summary>Judges how a host is doing. What cannot be read is no trouble: the operation that reads it says what is wrong.</summary>
internal sealed class Conditions(Host host, ConditionThresholds thresholds)
{
    private const double Gibibyte = 1L << 30;

    // A file system that hangs must not hold up the others.
    private static readonly TimeSpan DiskLimit = TimeSpan.FromSeconds(5);

    private Task<IReadOnlyList<Disk>> disks = Task.FromResult<IReadOnlyList<Disk>>([]);

    /// <summary>The reason of each condition that holds.</summary>
    public async Task<IReadOnlyDictionary<string, string?>> JudgeAsync(int? processors, CancellationToken cancellationToken) => new Dictionary<string, string?>
    {
        [AgentConditionType.MemoryPressure] = Memory(),
        [AgentConditionType.HighLoad] = Load(processors),
        [AgentConditionType.DiskPressure] = await DiskAsync(cancellationToken),
    };

    /// <summary>The conditions as they are now; one that is as it was before keeps the time since when.</summary>
    public static IReadOnlyList<AgentCondition> Merge(IReadOnlyList<AgentCondition> before, IReadOnlyDictionary<string, string?> reasons, DateTimeOffset now) =>
    [
        .. reasons.Select(reason => new AgentCondition(
            reason.Key,
            Status: reason.Value is not null,
            before.FirstOrDefault(condition => condition.Type == reason.Key && condition.Status == (reason.Value is not null))?.LastTransitionTime ?? now,
            reason.Value)),
    ];

    private string? Memory()
    {
        var memory = Try(host.ReadMemory);
        return memory is { Total: > 0 } && memory.Used * 100.0 / memory.Total is var percent && percent > thresholds.MemoryPressure
            ? Text($"memory {percent:0}% used ({memory.Used / Gibibyte:0.0}/{memory.Total / Gibibyte:0.0} GB)")
            : null;
    }

    private string? Load(int? processors) =>
        processors is { } count && Try(host.ReadLoad) is { } load && load.OneMinute > count * thresholds.HighLoad
            ? Text($"load {load.OneMinute:0.00}, threshold {count * thresholds.HighLoad:0.00} for {count} CPU{(count == 1 ? "" : "s")}")
            : null;

    private async Task<string?> DiskAsync(CancellationToken cancellationToken)
    {
        try
        {
            // One that still hangs since the last time is not asked twice.
            if (disks.IsCompleted)
                disks = Task.Run(host.ReadDisks, CancellationToken.None);
            var fullest = (await disks.WaitAsync(DiskLimit, host.Time, cancellationToken)).Where(disk => disk.Total > 0).MaxBy(Percent);
            return fullest is not null && Percent(fullest) > thresholds.DiskPressure
                ? Text($"{fullest.Name} {Percent(fullest):0}% used ({fullest.Used / Gibibyte:0.0}/{fullest.Total / Gibibyte:0.0} GB)")
                : null;
        }
        catch (Exception exception) when (exception is OperationException or TimeoutException)
        {
            return null;
        }
    }

    private static double Percent(Disk disk) => disk.Used * 100.0 / disk.Total;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static T? Try<T>(Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (OperationException)
        {
            return null;
        }
    }
}
