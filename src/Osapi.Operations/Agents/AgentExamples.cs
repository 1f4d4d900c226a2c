namespace Osapi.Operations.Agents;

/// <summary>The agent in the examples of the family.</summary>
internal static class AgentExamples
{
    private static readonly DateTimeOffset Time = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static AgentDetail Listed => new()
    {
        Hostname = "web-01",
        Status = AgentStatus.Ready,
        State = AgentState.Cordoned,
        Labels = new Dictionary<string, string> { ["group"] = "web.dev.us-east" },
        Version = "0.1.0",
        Ledger = "5f0c1d6e8a3b4c2d9e7f60718293a4b5",
        RegisteredAt = Time,
        StartedAt = Time,
        LastSeen = Time,
        Drain = new(Time, "operator", "kernel update"),
        Conditions = [new(AgentConditionType.MemoryPressure, true, Time, "memory 94% used (15.1/16.0 GB)")],
        Uptime = "6 days, 3 hours, 54 minutes",
        LoadAverage = new() { OneMinute = 1.74, FiveMinutes = 1.79, FifteenMinutes = 1.94 },
        Memory = new(17_179_869_184, 536_870_912, 16_213_501_542, 966_367_642),
        OsInfo = new("debian", "12"),
        Architecture = "x86_64",
        CpuCount = 8,
    };

    public static AgentDetail Detail => Listed with { Timeline = Timeline };

    public static IReadOnlyList<AgentEvent> Timeline =>
    [
        new(Time, "registered", "web-01", "Registered"),
        new(Time, "drain", "web-01", "Drained: kernel update", "operator"),
        new(Time, "cordoned", "web-01", "All jobs completed"),
    ];
}
