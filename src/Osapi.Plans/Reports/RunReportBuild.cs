using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Operations.Json;
using Osapi.Orchestrator;

namespace Osapi.Plans.Reports;

/// <summary>Makes the report of a run that has ended into plain data.</summary>
internal static class RunReportBuild
{
    // They stand beside the data of a host.
    public static readonly string[] MembersBesideData = ["hostname", "outcome", "changed", "error"];

    /// <summary>Returns the report.</summary>
    /// <param name="report">The report of the engine.</param>
    /// <param name="plan">The plan that ran.</param>
    /// <param name="name">The name of the plan.</param>
    /// <param name="isCheck">True when the run was a check.</param>
    /// <param name="exitCode">The exit code of the command.</param>
    public static RunReport Of(Report report, Plan plan, string name, bool isCheck, int exitCode)
    {
        var tasks = plan.Tasks.ToDictionary(task => task.Name);
        var levels = plan.Levels().SelectMany((level, index) => level.Select(task => (task.Name, index))).ToDictionary(pair => pair.Name, pair => pair.index);
        return new()
        {
            Format = RunReport.FormatName,
            Version = RunReport.NewestVersion,
            ExitCode = exitCode,
            Name = name,
            Run = report.Run?.Value,
            Check = isCheck ? true : null,
            Outcome = SnakeCaseName.Of(report.Outcome),
            Summary = report.Summary(),
            StartedAt = report.StartedAt,
            DurationMs = Milliseconds(report.Duration),
            Tasks = [.. report.Tasks.Select(task => WithPlace(ResultOf(task, report.Explain, report.StartedAt), tasks[task.Name], levels[task.Name]))],
            Owed = [.. report.Owed.Select(cell => new OwedReport { Task = cell.Task, Host = cell.Host })],
            CriticalPath = [.. report.CriticalPath.Select(task => task.Name)],
        };
    }

    /// <summary>Returns the results of the tasks only, without their place in the plan and without reasons.</summary>
    public static IReadOnlyList<TaskReport> ResultsOf(Report report) => [.. report.Tasks.Select(task => ResultOf(task, static (_, _) => [], report.StartedAt))];

    private static TaskReport WithPlace(TaskReport result, PlanTask task, int level) => result with
    {
        Operation = task.Operation?.Id,
        Target = task.Target?.Text,
        SameAs = task.SameHostsAs?.Name,
        DependsOn = [.. task.Dependencies.Select(dependency => dependency.Name)],
        Level = level,
    };

    private static TaskReport ResultOf(TaskResult result, Func<string, string?, IReadOnlyList<CellReason>> explain, DateTimeOffset startedAt) => new()
    {
        Name = result.Name,
        Status = result.Status.ToText(),
        Changed = result.Changed,
        Attempts = result.Attempts,
        StartedMs = Since(startedAt, result.StartedAt),
        DurationMs = Milliseconds(result.Duration),
        JobId = result.JobId?.ToString(),
        Error = result is { Status: Status.Cancelled, Error: OperationCanceledException } ? null : NotEmpty(result.Error?.Message),
        SkipReason = NotEmpty(result.SkipReason),
        // The answers of hosts stand with them.
        Data = result.HostResults.Count == 0 && result.Data is { } data ? DataOf(data, []) : null,
        Items = ItemsOf(result.Items),
        Why = result.HostResults.Count == 0 ? ReasonsOf(explain(result.Name, null)) : null,
        Hosts = [.. result.HostResults.Select(host => CellOf(host, ReasonsOf(explain(result.Name, host.Hostname)), startedAt))],
    };

    private static CellReport CellOf(HostResult host, IReadOnlyList<ReasonReport>? reasons, DateTimeOffset startedAt) => new()
    {
        Hostname = host.Hostname,
        Status = host.Status.ToText(),
        Outcome = host.Outcome is { } outcome ? SnakeCaseName.Of(outcome) : null,
        Changed = host.Changed,
        Error = NotEmpty(host.Error),
        JobId = host.JobId?.ToString(),
        SkipReason = NotEmpty(host.SkipReason),
        Allowed = host.IsExcused ? true : null,
        Attempts = host.Attempts,
        StartedMs = Since(startedAt, host.StartedAt),
        DurationMs = Milliseconds(host.Duration),
        Why = reasons,
        Data = host.Data is { } data ? DataOf(data, MembersBesideData) : null,
        Items = ItemsOf(host.Items),
    };

    private static IReadOnlyList<ItemReport>? ItemsOf(IReadOnlyList<ItemResult> items) => items.Count == 0 ? null :
    [
        .. items.Select(item => new ItemReport
        {
            Key = item.Key,
            Status = item.Status.ToText(),
            Changed = item.Changed,
            Attempts = item.Attempts,
            JobId = item.JobId?.ToString(),
            Error = NotEmpty(item.Error),
            SkipReason = NotEmpty(item.SkipReason),
            Data = item.Data is { } data ? DataOf(data, MembersBesideData) : null,
        }),
    ];

    private static IReadOnlyList<ReasonReport>? ReasonsOf(IReadOnlyList<CellReason> reasons) => reasons.Count == 0 ? null :
    [
        .. reasons.Select(reason => new ReasonReport
        {
            Task = reason.Task,
            Host = reason.Host,
            Status = reason.Status.ToText(),
            Kind = SnakeCaseName.Of(reason.Kind),
            Text = reason.Text,
            WaitedMs = Milliseconds(reason.Waited),
            QueuedMs = Milliseconds(reason.Queued),
            WaitedForTask = reason.WaitedForTask,
            WaitedForHost = reason.WaitedForHost,
        }),
    ];

    /// <summary>Returns a result without some of its members.</summary>
    public static JsonElement DataOf(JsonObject data, string[] excluded)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in data)
                if (!excluded.Contains(name))
                {
                    writer.WritePropertyName(name);
                    if (value is null)
                        writer.WriteNullValue();
                    else
                        value.WriteTo(writer);
                }

            writer.WriteEndObject();
        }

        return JsonElement.Parse(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    private static double? Since(DateTimeOffset run, DateTimeOffset? start) => start is { } time ? Math.Max(0, Milliseconds(time - run)) : null;

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds);

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
