using System.Text.Json;
using Osapi.Operations;
using Osapi.Operations.Json;
using Osapi.Operations.Jobs;
using Osapi.Operations.Runs;
using Osapi.Orchestrator.Execution;

namespace Osapi.Plans.Reports;

/// <summary>Makes the reports of the tasks of a past run.</summary>
internal sealed class PastTasks(RunDetail run, RecordedCells cells, RecordedAnswers answers)
{
    // The first that a cell has is the status of its task.
    private static readonly string[] Statuses = ["failed", "cancelled", Unknown, RecordedCell.Running, RecordedCell.NotRun, "changed", "unchanged", "skipped"];

    private const string Unknown = "unknown";

    /// <summary>The start of the run: its first message, or what a runner with another clock has started before.</summary>
    public DateTimeOffset StartedAt { get; } = cells.First is { } first && first < run.Started ? first : run.Started;

    /// <summary>The number of calls without an end.</summary>
    public int Open { get; private set; }

    /// <summary>Returns the report of a task, without its place in the plan.</summary>
    public TaskReport Of(string task)
    {
        var all = cells.Of(task);
        List<CellReport> hosts = [.. all.Where(cell => cell.Key.Length > 0).Select(cell => Of(cell.Key, cell.Value))];
        if (hosts.Count == 0)
            return WithoutHosts(task, all.GetValueOrDefault(""));
        var status = Statuses.FirstOrDefault(status => hosts.Exists(host => host.Status == status && host.Allowed != true)) ?? hosts[0].Status;
        var begun = hosts.Where(host => host.StartedMs is not null).ToList();
        var job = all.Values.Select(cell => cell.FirstJob).FirstOrDefault(first => first is not null)?.ToString();
        return new()
        {
            Name = task,
            Status = status,
            Changed = hosts.Exists(host => host.Changed),
            Attempts = hosts.Max(host => host.Attempts),
            StartedMs = begun.Count == 0 ? null : begun.Min(host => host.StartedMs),
            DurationMs = begun.Count == 0 ? 0 : begun.Max(host => host.StartedMs!.Value + host.DurationMs) - begun.Min(host => host.StartedMs!.Value),
            JobId = job,
            SkipReason = status == "skipped" ? hosts.Find(host => host.SkipReason is not null)?.SkipReason : null,
            // Beside the job of the task only others are named.
            Hosts = [.. hosts.Select(host => host.JobId == job ? host with { JobId = null } : host)],
        };
    }

    private TaskReport WithoutHosts(string task, RecordedCell? cell)
    {
        if (cell is null)
            return new() { Name = task, Status = RecordedCell.NotRun };
        var report = Of("", cell);
        return new()
        {
            Name = task,
            Status = report.Allowed == true ? "unchanged" : report.Status,
            Changed = report.Changed,
            Attempts = report.Attempts,
            StartedMs = report.StartedMs,
            DurationMs = report.DurationMs,
            JobId = report.JobId,
            Error = report.Error,
            SkipReason = report.SkipReason,
            Data = cell.End?.Data ?? report.Data,
            Items = report.Items,
        };
    }

    private CellReport Of(string host, RecordedCell cell)
    {
        Open += cell.IsOpen ? 1 : 0;
        var entry = cell.End ?? cell.Call;
        var response = answers.Of(entry?.JobId, host);
        var status = cell.IsOpen ? OpenStatus(response) : cell.Status;
        DateTimeOffset? begun = cell.End is { } end ? end.StartedAt : cell.Call is null ? null : cell.CalledAt;
        var until = cell.End?.EndedAt ?? cells.Last;
        return new()
        {
            Hostname = host,
            Status = status,
            Outcome = (cell.End?.Outcome ?? response?.Outcome) is { } outcome ? SnakeCaseName.Of(outcome) : null,
            Changed = cell.End is { } known ? known.Changed == true : response?.Changed == true,
            Error = status is "failed" or "cancelled" or Unknown ? cell.End?.Reason ?? response?.Error : null,
            JobId = entry?.JobId?.ToString(),
            SkipReason = status == "skipped" ? cell.End?.Reason ?? response?.Error : null,
            // The run succeeded all the same.
            Allowed = status == "failed" && run.Status == RunStatus.Succeeded ? true : null,
            Attempts = entry?.Attempt ?? 0,
            StartedMs = begun is { } start ? Math.Max(0, Math.Round((start - StartedAt).TotalMilliseconds)) : null,
            DurationMs = begun is { } from && until is { } to ? Math.Max(0, Math.Round((to - from).TotalMilliseconds)) : 0,
            Data = cell.Keys.Count == 0 ? DataOf(response) : null,
            Items = cell.Keys.Count == 0 ? null : [.. cell.Keys.Select(key => Of(key, host, cell))],
        };
    }

    private ItemReport Of(string key, string host, RecordedCell cell)
    {
        var end = cell.EndOf(key);
        var isFailed = end?.Status is "failed" or "cancelled";
        return new()
        {
            Key = key,
            Status = end?.Status ?? (cell.IsOpen && cell.Call!.Item == key ? OpenStatus(answers.Of(cell.Call.JobId, host)) : RecordedCell.NotRun),
            Changed = end?.Changed == true,
            Attempts = end?.Attempt ?? 0,
            JobId = end?.JobId?.ToString(),
            Error = isFailed ? end!.Reason : null,
            SkipReason = isFailed ? null : end?.Reason,
            Data = end is null ? null : end.Data ?? DataOf(answers.Of(end.JobId, host)),
        };
    }

    private string OpenStatus(JobResponse? response) => response?.Outcome switch
    {
        Outcome.Ok => response.Changed ? "changed" : "unchanged",
        Outcome.Skipped => "skipped",
        Outcome.Cancelled => "cancelled",
        Outcome.Failed or Outcome.Expired => "failed",
        _ => run.Status == RunStatus.Running ? RecordedCell.Running : Unknown,
    };

    private static JsonElement? DataOf(JobResponse? response) =>
        response is null ? null : RunReportBuild.DataOf(HostAttempt.DataOf(response.ToHostReply()), RunReportBuild.MembersBesideData);
}
