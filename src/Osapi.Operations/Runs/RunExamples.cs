namespace Osapi.Operations.Runs;

/// <summary>The run in the examples of the family.</summary>
internal static class RunExamples
{
    public static readonly RunId Id = "0199a6c1-4b5e-7c1a-9d2f-6a0c5d8e7f20";

    public static readonly RunId Runner = "0199a6c1-4b5e-7c1a-9d2f-6a0c5d8e7f21";

    private static readonly DateTimeOffset Time = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static readonly string Digest = new('a', 64);

    private static IReadOnlyList<RunTask> Tasks => [new("config", Digest) { Operation = "file.deploy.execute" }, new("restart", Digest) { Operation = "command.exec.execute", ReactsTo = ["config"] }];

    private static JournalEntry Call => new() { Kind = JournalEntryKind.Call, Task = "config", Hosts = ["web-01"], Attempt = 1, JobId = Osapi.Operations.JobId.Parse("0199a6c1-4b5e-7c1a-9d2f-6a0c5d8e7f10") };

    public static StartRun Start => new() { Id = Id, Plan = "deploy", Hash = Digest, Runner = Runner, Tasks = Tasks };

    public static AppendJournal Append => new() { Id = Id, Runner = Runner, After = 17, Batch = "0199a6c1-4b5e-7c1a-9d2f-6a0c5d8e7f22", Entries = [Call] };

    public static JournalPage Journal => new() { Items = [new() { Position = 18, Timestamp = Time, Runner = Runner, Entries = [Call] }] };

    public static RunSummary Summary => new() { Id = Id, Plan = "deploy", Status = RunStatus.Running, Caller = "alice", Started = Time, TaskCount = 2 };

    public static RunDetail Detail => new()
    {
        Id = Id,
        Plan = "deploy",
        Status = RunStatus.Interrupted,
        Caller = "alice",
        Started = Time,
        TaskCount = 2,
        Hash = Digest,
        Position = 18,
        Tasks = Tasks,
        Cells = new Dictionary<string, int> { ["running"] = 1 },
    };

    public static OwedStep OwedStep => new() { Plan = "deploy", Task = "restart", Host = "web-01", Operation = "command.exec.execute", Run = Id, Caller = "alice", Since = Time };
}
