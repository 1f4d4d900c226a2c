using System.Text.Json;
using Osapi.Plans.Reports;

namespace Osapi.Browser.Tests;

/// <summary>Reports of runs.</summary>
internal static class SampleReports
{
    /// <summary>Text that tries to become markup, to run, to load, to turn its direction, or to be no text at all.</summary>
    public const string Hostile = "</pre></script><script>alert(1)</script><img src=http://evil.example/x onerror=alert(2)>\u202egpj.exe\u0000\u001b[31m\ud800 &amp; \"'><svg onload=alert(3)>";

    /// <summary>Creates a report of many tasks on many hosts, each with an output of its own.</summary>
    public static RunReport Large(int tasks, int hosts, int outputLength)
    {
        Random random = new(16);
        string[] statuses = ["changed", "unchanged", "unchanged", "skipped", "failed", "cancelled"];
        List<TaskReport> all = [];
        for (var task = 0; task < tasks; task++)
        {
            List<CellReport> cells = [];
            for (var host = 0; host < hosts; host++)
            {
                var status = random.Next(100) < 90 ? statuses[random.Next(3)] : statuses[random.Next(6)];
                var started = (task / 10 * 1000) + random.Next(400);
                cells.Add(new()
                {
                    Hostname = $"web-{host:000}.example.com",
                    Status = status,
                    Outcome = status == "failed" ? "failed" : "ok",
                    Changed = status == "changed",
                    Error = status == "failed" ? $"exit code 1: disk {random.Next()} is full" : null,
                    SkipReason = status == "skipped" ? "no dependencies changed" : null,
                    Attempts = status == "skipped" ? 0 : 1,
                    StartedMs = status == "skipped" ? null : started,
                    DurationMs = status == "skipped" ? 0 : random.Next(1000),
                    Data = Data($"line {random.Next()}\n{new string((char)('a' + (host % 26)), outputLength)}"),
                });
            }

            all.Add(new()
            {
                Name = $"task-{task:000}",
                Operation = "command.exec.execute",
                Target = "_all",
                Level = task / 10,
                DependsOn = task < 10 ? [] : [$"task-{task - 10:000}"],
                Status = cells.Any(cell => cell.Status == "failed") ? "failed" : "changed",
                Attempts = 1,
                StartedMs = task / 10 * 1000,
                DurationMs = 1000,
                Hosts = cells,
            });
        }

        return Of("large release", all) with { CriticalPath = [.. Enumerable.Range(0, tasks / 10).Select(level => $"task-{level * 10:000}")] };
    }

    /// <summary>Creates a report of a small deployment that failed on one of its hosts.</summary>
    public static RunReport Small()
    {
        string[] hosts = ["db-01", "web-01", "web-02"];
        return Of(
            "release web",
            [
                Task("directories", 0, [], "changed", 0, 180, [.. hosts.Select((host, index) => Cell(host, "changed", 10 + (20 * index), 120))]),
                Task("configure", 1, ["directories"], "changed", 200, 900, [Cell("db-01", "unchanged", 200, 310), Cell("web-01", "changed", 205, 700), Cell("web-02", "changed", 210, 890)]),
                Task("migrate", 2, ["configure"], "failed", 1100, 2400,
                [
                    Cell("db-01", "failed", 1100, 2400) with { Error = "exit code 3: relation \"sessions\" is locked", Data = Data("step 10 of 12: applied\nstep 11 of 12: applied\n", "ERROR: relation is locked\nDETAIL: process 4711 holds a lock\n") },
                    Cell("web-01", "changed", 1120, 400), Cell("web-02", "changed", 1130, 430),
                ]),
                Task("restart", 3, ["migrate"], "unchanged", 3600, 300,
                [
                    Cell("db-01", "skipped", null, 0) with { SkipReason = "dependency failed", Why = [new() { Task = "restart", Host = "db-01", Status = "skipped", Text = "dependency failed" }, new() { Task = "migrate", Host = "db-01", Status = "failed", Text = "exit code 3" }] },
                    Cell("web-01", "unchanged", 3600, 200), Cell("web-02", "unchanged", 3610, 290),
                ]),
            ]) with
        {
            CriticalPath = ["directories", "configure", "migrate", "restart"],
            Owed = [new() { Task = "restart", Host = "db-01" }],
        };
    }

    /// <summary>Creates a report whose every text is hostile.</summary>
    public static RunReport OfHostile()
    {
        var cell = new CellReport { Hostname = $"web-01{Hostile}", Status = "failed", Attempts = 1, StartedMs = 0, DurationMs = 5, Error = Hostile, JobId = Hostile, Data = Data(Hostile + "\n" + Hostile, Hostile + "\n" + Hostile) };
        return Of(Hostile, [new TaskReport { Name = $"task{Hostile}", Status = "failed", Operation = Hostile, Target = Hostile, Error = Hostile, JobId = Hostile, Attempts = 1, StartedMs = 0, DurationMs = 5, DependsOn = [Hostile], Hosts = [cell] }]) with
        {
            Summary = Hostile,
            CriticalPath = [Hostile, $"task{Hostile}"],
            Owed = [new() { Task = Hostile, Host = Hostile }],
        };
    }

    private static RunReport Of(string name, IReadOnlyList<TaskReport> tasks) => new()
    {
        Format = RunReport.FormatName,
        Version = RunReport.NewestVersion,
        ExitCode = 1,
        Name = name,
        Outcome = "failed",
        Summary = $"{tasks.Count} tasks, {tasks.Count(task => task.Status == "failed")} failed",
        StartedAt = new(2026, 11, 30, 16, 0, 0, TimeSpan.Zero),
        DurationMs = tasks.Max(task => (task.StartedMs ?? 0) + task.DurationMs),
        Tasks = tasks,
    };

    private static TaskReport Task(string name, int level, IReadOnlyList<string> after, string status, double started, double duration, IReadOnlyList<CellReport> cells) => new()
    {
        Name = name,
        Operation = "command.shell.execute",
        Target = "_all",
        Level = level,
        DependsOn = after,
        Status = status,
        Attempts = 1,
        StartedMs = started,
        DurationMs = duration,
        JobId = "01a22be2-35b3-7027-9449-6b8fdd91d7ea",
        Hosts = cells,
    };

    private static CellReport Cell(string host, string status, double? started, double duration) => new() { Hostname = host, Status = status, Changed = status == "changed", Attempts = started is null ? 0 : 1, StartedMs = started, DurationMs = duration, Data = started is null ? null : Data($"done on {host}\n") };

    private static JsonElement Data(string stdout, string stderr = "")
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes))
        {
            writer.WriteStartObject();
            writer.WriteString("stdout", stdout);
            writer.WriteString("stderr", stderr);
            writer.WriteNumber("exit_code", 0);
            writer.WriteEndObject();
        }

        return JsonElement.Parse(bytes.ToArray());
    }
}
