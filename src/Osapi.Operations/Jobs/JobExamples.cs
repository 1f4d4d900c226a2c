using System.Text.Json;

namespace Osapi.Operations.Jobs;

/// <summary>The job in the examples of the family.</summary>
internal static class JobExamples
{
    public static readonly JobId Id = JobId.Parse("0199a6c1-4b5e-7c1a-9d2f-6a0c5d8e7f10");

    private static readonly DateTimeOffset Time = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static JobSummary Summary => new()
    {
        Id = Id,
        Status = JobStatus.Completed,
        Created = Time,
        UpdatedAt = Time,
        Target = "web-01",
        Operation = new("node.hostname.get"),
    };

    public static JobCreated Created => new() { JobId = JobId.Parse("0199a6c1-4b5e-7c1a-9d2f-6a0c5d8e7f11"), Revision = 17, Timestamp = Time, RetryOf = Id };

    public static JobDetail Detail => new()
    {
        Id = Id,
        Status = JobStatus.Completed,
        Created = Time,
        UpdatedAt = Time,
        Target = "web-01",
        Operation = new("node.hostname.get", Json("{}")),
        Hostname = "web-01",
        Result = Json("""{"os_hostname":"web-01"}"""),
        Responses = new Dictionary<string, JobResponse>
        {
            ["web-01"] = new() { Hostname = "web-01", Status = "completed", Outcome = Outcome.Ok, Data = Json("""{"os_hostname":"web-01"}""") },
        },
        Timeline = [new(Time, "submitted", null, "Job submitted"), new(Time, "completed", "web-01", "Completed on web-01")],
    };

    public static JobDetail CancelledDetail => new()
    {
        Id = Id,
        Status = JobStatus.Cancelled,
        Created = Time,
        UpdatedAt = Time,
        Target = "web-01",
        Operation = new("node.hostname.get", Json("{}")),
        Hostname = "web-01",
        Cancelled = true,
        Error = "cancelled before it started",
        Responses = new Dictionary<string, JobResponse>
        {
            ["web-01"] = new() { Hostname = "web-01", Status = "failed", Outcome = Outcome.Cancelled, Error = "cancelled before it started", ErrorType = ErrorType.Cancelled },
        },
        Timeline = [new(Time, "submitted", null, "Job submitted"), new(Time, "cancelled", "web-01", "Cancelled on web-01")],
    };

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
