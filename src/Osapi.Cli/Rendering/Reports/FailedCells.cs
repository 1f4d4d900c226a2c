using Osapi.Plans.Reports;

namespace Osapi.Cli.Rendering.Reports;

/// <summary>The hosts on which a task failed in the same way; no hosts for a task that does not run on them.</summary>
internal sealed record FailedCells
{
    // Of a longer standard error only the end is printed.
    private const int MaxLines = 5;

    private const string Failed = "failed";

    /// <summary>The name of the task.</summary>
    public required string Task { get; init; }

    /// <summary>The names of the hosts.</summary>
    public required IReadOnlyList<string> Hosts { get; init; }

    /// <summary>The error.</summary>
    public required string Error { get; init; }

    /// <summary>The last lines of the standard error; empty when it says no more than the error.</summary>
    public required IReadOnlyList<string> Tail { get; init; }

    /// <summary>The command that prints the rest of the standard error of the first host; null when there is none.</summary>
    public string? Command { get; init; }

    /// <summary>True when the plan allows these hosts to fail.</summary>
    public bool IsAllowed { get; init; }

    private string Key => OwnName.Replace(string.Join('\n', [Error, .. Tail]), Hosts[0]);

    /// <summary>Returns the failures of a run in the order of its tasks, the allowed ones last.</summary>
    public static IReadOnlyList<FailedCells> Of(IReadOnlyList<TaskReport> tasks) => [.. tasks.SelectMany(Of).OrderBy(failure => failure.IsAllowed)];

    private static IEnumerable<FailedCells> Of(TaskReport task)
    {
        var hosts = task.Hosts.Where(host => host.Status == Failed).Select(host => Of(task, host)).ToList();
        // The call itself may have failed, or the reader of its answer, and no host.
        if (task.Status == Failed && (hosts.Count == 0 || hosts.TrueForAll(host => host.IsAllowed)))
            return hosts.Append(new() { Task = task.Name, Hosts = [], Error = task.Error ?? "it failed", Tail = [] });
        return hosts.GroupBy(host => (host.Key, host.IsAllowed)).Select(group => Join([.. group]));
    }

    private static FailedCells Join(IReadOnlyList<FailedCells> hosts) => hosts.Count == 1 ? hosts[0] : hosts[0] with
    {
        Hosts = [.. hosts.SelectMany(host => host.Hosts)],
        Error = OwnName.Replace(hosts[0].Error, hosts[0].Hosts[0]),
        Tail = [.. hosts[0].Tail.Select(line => OwnName.Replace(line, hosts[0].Hosts[0]))],
    };

    private static FailedCells Of(TaskReport task, CellReport host)
    {
        var error = string.IsNullOrEmpty(host.Error) ? task.Error ?? "it failed" : host.Error;
        // The beginning may look like the rest of the output of a program that tries several things.
        var item = host.Items?.FirstOrDefault(item => item.Status == Failed);
        var lines = host.Text("stderr", item).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var says = lines.Length > 1 || (lines.Length == 1 && !error.Contains(lines[0], StringComparison.Ordinal));
        return new()
        {
            Task = task.Name,
            Hosts = [host.Hostname],
            Error = error,
            Tail = says ? [.. lines.TakeLast(MaxLines)] : [],
            Command = lines.Length > MaxLines && (item?.JobId ?? host.JobId ?? task.JobId) is { } job ? OutputCommand.Of(job, host.Hostname, "stderr") : null,
            IsAllowed = host.Allowed == true,
        };
    }
}
