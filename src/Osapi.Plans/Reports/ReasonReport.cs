namespace Osapi.Plans.Reports;

/// <summary>One step of the explanation of a cell in a report.</summary>
internal sealed record ReasonReport
{
    public required string Task { get; init; }

    public string? Host { get; init; }

    public string Status { get => field ?? ""; init; }

    public string Kind { get => field ?? ""; init; }

    public string Text { get => field ?? ""; init; }

    public double WaitedMs { get; init; }

    public double QueuedMs { get; init; }

    public string? WaitedForTask { get; init; }

    public string? WaitedForHost { get; init; }
}
