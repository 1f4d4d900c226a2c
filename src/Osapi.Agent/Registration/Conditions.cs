using System.Globalization;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Disks;
using Osapi.Agent.Hosts.Metrics;
using Osapi.Operations;
using Osapi.Operations.Agents;
using Osapi.Operations.Node;

namespace Osapi.Agent.Registration;

/// <summary>
/// Evaluates the conditions of a host. If a value cannot be read, its condition is reported as false; the operation
/// that reads it reports the error.
/// </summary>
internal sealed class Conditions(Host host, ConditionThresholds thresholds, CloneDetector? clones = null)
{
    private const double Gibibyte = 1L << 30;

    private static readonly TaskCompletionSource Never = new();

    /// <summary>Evaluates every condition; the value is the reason, or null when the condition is false.</summary>
    public async Task<IReadOnlyDictionary<string, string?>> EvaluateAsync(int? processors, CancellationToken cancellationToken) => new Dictionary<string, string?>
    {
        [AgentConditionType.MemoryPressure] = Memory(),
        [AgentConditionType.HighLoad] = Load(processors),
        [AgentConditionType.DiskPressure] = await DiskAsync(cancellationToken),
        [AgentConditionType.Cloned] = clones?.Reason,
    };

    /// <summary>The task that completes when a condition that is not polled changes.</summary>
    public Task Changed => clones?.Changed ?? Never.Task;

    /// <summary>Gets the true conditions with their subjects, but without figures, which always change.</summary>
    public string DescribeActive(IReadOnlyDictionary<string, string?> reasons) =>
        string.Join(' ', [.. reasons.Where(reason => reason.Value is not null).Select(reason => reason.Key), clones?.Subject]);

    /// <summary>Merges the new values into the conditions; an unchanged condition keeps its time.</summary>
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
            var fullest = (await host.ReadDisksAsync(cancellationToken)).Disks.Where(disk => disk.Total > 0).MaxBy(Percent);
            return fullest is not null && Percent(fullest) > thresholds.DiskPressure
                ? Text($"{fullest.Name} {Percent(fullest):0}% used ({fullest.Used / Gibibyte:0.0}/{fullest.Total / Gibibyte:0.0} GB)")
                : null;
        }
        catch (OperationException)
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
