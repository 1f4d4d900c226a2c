using System.Text.Json;
using Osapi.Operations;
using Osapi.Operations.Jobs;
using Osapi.Operations.Runs;
using Osapi.Plans.Reports;

namespace Osapi.Browser.Tests;

/// <summary>A past run as a controller keeps it.</summary>
internal sealed class SamplePastRun
{
    public static readonly DateTimeOffset Start = new(2026, 11, 30, 16, 0, 0, TimeSpan.Zero);

    private readonly List<JournalBatch> journal = [];

    public SamplePastRun(RunStatus status, params IReadOnlyList<RunTask> tasks)
    {
        Run = new() { Id = RunId.New(), Plan = "release web", Hash = new string('a', 64), Status = status, Started = Start, Ended = status is RunStatus.Running or RunStatus.Interrupted ? null : Start.AddSeconds(9), Tasks = tasks };
        At(0, new JournalEntry { Kind = JournalEntryKind.Started });
    }

    public RunDetail Run { get; set; }

    public RecordedAnswers Answers { get; } = new();

    public static RunTask Task(string name, params IReadOnlyList<string> after) => new(name, new string('b', 64)) { Operation = "command.shell.execute", Target = "_all", DependsOn = after };

    /// <summary>Appends entries, a number of seconds after the start.</summary>
    public void At(double seconds, params IReadOnlyList<JournalEntry> entries) => journal.Add(new() { Position = journal.Count + 1, Timestamp = Start.AddSeconds(seconds), Entries = entries });

    public static JournalEntry Call(string task, JobId job, params IReadOnlyList<string> hosts) => new() { Kind = JournalEntryKind.Call, Task = task, Hosts = hosts, Attempt = 1, JobId = job };

    public static JournalEntry Ended(string task, string? host, string status, double from, double to, JobId? job = null) => new()
    {
        Kind = JournalEntryKind.Ended,
        Task = task,
        Host = host,
        Status = status,
        Changed = status == "changed" ? true : null,
        Outcome = job is null ? null : status == "failed" ? Outcome.Failed : Outcome.Ok,
        Attempt = job is null ? 0 : 1,
        StartedAt = job is null ? null : Start.AddSeconds(from),
        EndedAt = Start.AddSeconds(to),
        JobId = job,
    };

    /// <summary>Keeps a job with the output of its hosts.</summary>
    public void Keep(JobId job, string output, params IReadOnlyList<string> hosts) => Answers.Add(new()
    {
        Id = job,
        Target = "_all",
        Operation = new("command.shell.execute"),
        Status = JobStatus.Completed,
        Responses = hosts.ToDictionary(host => host, host => new JobResponse { Hostname = host, Status = "completed", Outcome = Outcome.Ok, Changed = true, Data = DataOf(output) }),
    });

    public RunReport Report(int? exitCode = null)
    {
        RecordedCells cells = new();
        foreach (var batch in journal)
            cells.Apply(batch);
        return PastRunReport.Of(Run, cells, Answers, exitCode);
    }

    /// <summary>Creates a run whose every text is hostile.</summary>
    public static RunReport OfHostile()
    {
        var (name, text, job) = ($"task{SampleReports.Hostile}", SampleReports.Hostile, JobId.New());
        SamplePastRun past = new(RunStatus.Interrupted, new RunTask(name, text) { Operation = text, Target = text, DependsOn = [text, name], ReactsTo = [name] }, Task(text, name));
        past.Run = past.Run with { Plan = text, Caller = text, Owed = [new() { Task = text, Host = text }] };
        past.At(1, Call(name, job, $"web-01{text}"), new() { Kind = JournalEntryKind.Ended, Task = text, Status = text, Reason = text, Flags = [text], Data = DataOf(text) });
        past.At(2, Ended(name, $"web-01{text}", "failed", 1, 2, job) with { Reason = text });
        past.Keep(job, text + "\n" + text, $"web-01{text}");
        return past.Report();
    }

    private static JsonElement DataOf(string output)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes))
        {
            writer.WriteStartObject();
            writer.WriteString("stdout", output);
            writer.WriteString("stderr", output);
            writer.WriteEndObject();
        }

        return JsonElement.Parse(bytes.ToArray());
    }
}
