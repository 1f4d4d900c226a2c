using System.Text;
using System.Text.Json;
using Osapi.Operations;
using Osapi.Operations.Agents;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Tests.Foreign;

/// <summary>One valid message of each kind.</summary>
internal static class Samples
{
    private static readonly JobEvent Start = new() { Kind = JobEventKind.Start, Host = SystemFixture.Host, Ledger = "forged", Session = "forged" };

    public static IReadOnlyList<string> Ends { get; } =
    [
        Text(JobJson.Bytes(Start)),
        Text(JobJson.Bytes(Start with { Kind = JobEventKind.Lost })),
        Text(JobJson.Bytes(Start with { Kind = JobEventKind.Finished, Outcome = Outcome.Ok, Entry = JsonElement.Parse($$"""{"hostname":"{{SystemFixture.Host}}","outcome":"ok","changed":false,"stdout":"x"}""") })),
        Text(JobJson.Bytes(Start with { Kind = JobEventKind.Finished, Outcome = Outcome.Failed, ObjectName = "another.web-01" })),
    ];

    public static string Beat { get; } = Text(JobJson.Bytes(new AgentHeartbeat
    {
        Ledger = "forged",
        Session = "forged",
        Uptime = "1 day",
        LoadAverage = new() { OneMinute = 1 },
        Memory = new(4, 1, 2, 3),
    }));

    public static string Record(string id) => Text(JobJson.Bytes(new JobRecord
    {
        Id = JobId.Parse(id),
        Operation = "node.hostname.get",
        Request = JobRecord.NoRequest,
        Target = SystemFixture.Host,
        Hosts = [SystemFixture.Host],
        Skipped = [new("db-01", "drained")],
        Created = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        StartWithin = 10,
        Timeout = 30,
    }));

    public static string Command(string id) => Text(JobJson.Bytes(new JobCommand
    {
        Kind = CommandKind.Run,
        JobId = JobId.Parse(id),
        Operation = "node.hostname.get",
        Request = JobRecord.NoRequest,
        StartWithin = 10,
    }));

    public static string Agent(string name) => Text(JobJson.Bytes(new AgentInfo
    {
        Hostname = name,
        Ledger = "forged",
        Session = "forged",
        Labels = new Dictionary<string, string> { ["group"] = "web.dev" },
        Version = "9.9",
        Conditions = [new(AgentConditionType.HighLoad, true, default, "load")],
        Timeline = [new(default, "registered", name, "Registered")],
        Facts = new()
        {
            Hostname = name,
            OsInfo = new("debian", "12"),
            Interfaces = [new() { Name = "eth0", Addresses = [new("10.0.0.1", 24, "inet")] }],
            Routes = [new("0.0.0.0", "/0", "10.0.0.254", "eth0", 0, "0x3", "inet")],
            Facts = new Dictionary<string, string> { ["site"] = "here" },
        },
    }));

    /// <summary>Creates the description of an object whose content is missing.</summary>
    public static string Object(string bucket, string name) => $$$"""
        {"name":"{{{name}}}","description":"raw","bucket":"{{{bucket}}}","nuid":"0123456789abcdef","size":10,"mtime":"2026-01-02T03:04:05Z","chunks":1,"digest":"SHA-256={{{new string('A', 43)}}}=","options":{"max_chunk_size":131072}}
        """;

    public static string TokenOf(string name) => Convert.ToBase64String(Encoding.UTF8.GetBytes(name)).Replace('+', '-').Replace('/', '_');

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
