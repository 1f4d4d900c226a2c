namespace Osapi.Operations.Agents;

/// <summary>The agent in the examples of the family.</summary>
internal static class AgentExamples
{
    private static readonly DateTimeOffset Time = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>The fingerprint of the agent's key.</summary>
    public const string Fingerprint = "SHA256:Ww6gXv4Yb4cWgPFRQ0Qk2vVn1pJk0m3xZ8h5tUeLr7o";

    private const string ControllersFingerprint = "SHA256:pG0lX1dZr8w6hYt5Qb3oNfJc7sVaEkU2mT9yRzHiB4A";

    private static IReadOnlyDictionary<string, string> Labels => new Dictionary<string, string> { ["group"] = "web" };

    public static PendingAgent Pending => new()
    {
        Hostname = "web-01",
        Fingerprint = Fingerprint,
        RequestedAt = Time,
        Reason = "it has no join token",
        Labels = Labels,
        Version = "0.2.0",
    };

    public static JoinCredential Credential => new()
    {
        Token = "eyJpZCI6IjdmM2EifQ.Qm9vMmFpbmc0b29tYWVQaG8zYWhuZzhlaXdhZTVpZQ." + ControllersFingerprint,
        Id = "7f3a",
        Name = "web-*",
        Labels = Labels,
        ExpiresAt = Time.AddHours(1),
        ControllersFingerprint = ControllersFingerprint,
    };

    public static AgentKeyDetail Key => new()
    {
        Hostname = "web-01",
        Enrolled = true,
        Fingerprint = Fingerprint,
        Labels = Labels,
        ControllersFingerprint = ControllersFingerprint,
    };

    public static AgentDetail Listed => new()
    {
        Hostname = "web-01",
        Status = AgentStatus.Ready,
        State = AgentState.Cordoned,
        Labels = new Dictionary<string, string> { ["group"] = "web.dev.us-east" },
        Version = "0.1.0",
        Fingerprint = Fingerprint,
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
