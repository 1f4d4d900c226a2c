using System.Text.Json;
using Microsoft.Extensions.Logging;
using Osapi.Cli.Logging;

namespace Osapi.Cli.Tests;

/// <summary>JSON lines: one object per line, for any message.</summary>
public sealed partial class JsonLogTests
{
    private readonly StringWriter text = new();

    private string[] Lines => text.ToString().TrimEnd('\n').Split('\n');

    [Fact]
    public void A_message_is_an_object_with_its_values()
    {
        var logger = Logger();
        string[] hosts = ["a", "b"];

        LogJob(logger, "j1", 5, hosts, null);

        Assert.Equal(
            """{"timestamp":"2026-11-01T12:00:00.0000000Z","level":"information","category":"Osapi.Agent","message":"Job j1 took 5 ms on a, b of (null)","fields":{"JobId":"j1","Milliseconds":5,"Hosts":["a","b"],"Caller":null}}""",
            Assert.Single(Lines));
    }

    [Fact]
    public void Foreign_text_cannot_start_a_new_line()
    {
        var forged = "x\"}\r\n{\"level\":\"error\"}\u001b[2J\u009b\u202e\u2028";

        var logger = Logger();
        string[] hosts = [forged];

        LogJob(logger, forged, 5, hosts, forged);
        logger.Log(LogLevel.Error, default, "It failed", new IOException(forged), (message, _) => message);

        Assert.Equal(2, Lines.Length);
        Assert.All(Lines, line => Assert.All(line, letter => Assert.InRange(letter, ' ', '~')));
        Assert.Equal(forged, JsonDocument.Parse(Lines[0]).RootElement.GetProperty("fields").GetProperty("JobId").GetString());
        Assert.Contains(forged, JsonDocument.Parse(Lines[1]).RootElement.GetProperty("exception").GetString(), StringComparison.Ordinal);
    }

    private ILogger Logger() => new JsonLogger(text, new Noon()).CreateLogger("Osapi.Agent");

    private sealed class Noon : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Job {JobId} took {Milliseconds} ms on {Hosts} of {Caller}")]
    private static partial void LogJob(ILogger logger, string jobId, long milliseconds, IReadOnlyList<string> hosts, string? caller);
}
