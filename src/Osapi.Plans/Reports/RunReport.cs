namespace Osapi.Plans.Reports;

/// <summary>
/// The report of a run as plain data: what all written forms of a report are made from, and the content of <c>--report json</c>. It needs neither the plan nor the
/// engine, so that the report of a stored run is the same.
/// </summary>
internal sealed record RunReport
{
    /// <summary>The value of <see cref="Format"/>.</summary>
    public const string FormatName = "osapi.report";

    /// <summary>The highest version that this program reads. It grows only when an older reader would misunderstand a report; new members do not count.</summary>
    public const int NewestVersion = 1;

    /// <summary>The kind of the document.</summary>
    public string? Format { get; init; }

    public int Version { get; init; }

    /// <summary>The exit code of <c>osapi run</c>; null for a run that has not ended.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The name of the plan.</summary>
    public required string Name { get; init; }

    /// <summary>The id of the run; null for one that was not recorded.</summary>
    public string? Run { get; init; }

    /// <summary>True for a check; null for a run that acts.</summary>
    public bool? Check { get; init; }

    /// <summary>The outcome of the run: <c>succeeded</c>, <c>failed</c>, <c>cancelled</c> or <c>timed_out</c>; of one that has not ended <c>running</c>, <c>interrupted</c> or <c>superseded</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>The report in one line.</summary>
    public string Summary { get => field ?? ""; init; }

    public DateTimeOffset StartedAt { get; init; }

    public double DurationMs { get; init; }

    /// <summary>The tasks, level by level.</summary>
    public IReadOnlyList<TaskReport> Tasks { get => field ?? []; init; }

    /// <summary>The cells that had to follow a change and did not.</summary>
    public IReadOnlyList<OwedReport> Owed { get => field ?? []; init; }

    /// <summary>The names of the tasks that determined the duration.</summary>
    public IReadOnlyList<string> CriticalPath { get => field ?? []; init; }

    /// <summary>The remarks about what the report lacks; empty for that of a run that has just ended.</summary>
    public IReadOnlyList<string> Notes { get => field ?? []; init; }

    /// <summary>Returns the statuses that cells have beside those that are known to every reader, in order.</summary>
    public IReadOnlyList<string> OtherStatuses(IReadOnlyList<string> known) => [.. Tasks.SelectMany(task => task.Hosts.Select(cell => cell.Status).Append(task.Status)).Distinct().Except(known).Order(StringComparer.Ordinal)];

    /// <summary>The names of all hosts, in order.</summary>
    public IReadOnlyList<string> HostNames() => [.. Tasks.SelectMany(task => task.Hosts).Select(cell => cell.Hostname).Distinct().Order(StringComparer.Ordinal)];
}

/// <summary>A cell that is owed.</summary>
internal sealed record OwedReport
{
    public required string Task { get; init; }

    /// <summary>The host; null for a task that does not run on hosts.</summary>
    public string? Host { get; init; }
}
