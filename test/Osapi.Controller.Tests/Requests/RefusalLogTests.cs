using Osapi.Controller.Problems;

namespace Osapi.Controller.Tests.Requests;

/// <summary>The log has the caller and the kind of each refused request, without the request's content.</summary>
public sealed class RefusalLogTests : ControllerTest
{
    private string[] Lines => [.. fixture.Logs.Lines.Where(line => line.StartsWith("Information Refused with", StringComparison.Ordinal)).Select(line => line.Split("  ")[0])];

    [Fact]
    public async Task A_refusal_is_a_line()
    {
        await fixture.SendAsync("GET", "/agent?page=secret", token: null);
        await fixture.SendAsync("POST", "/agent", token: fixture.Token(["read"]));
        await fixture.GetAsync("/agent/web-99");
        await fixture.GetAsync("/api/nowhere");

        Assert.Equal(
            [
                "Information Refused with 401: GET /agent of address 127.0.0.1: bearer token required",
                "Information Refused with 405: POST /agent of subject somebody: /agent does not support POST",
            ],
            Lines[..2]);
        Assert.StartsWith("Information Refused with 404: GET /agent/web-99 of subject somebody: ", Lines[2], StringComparison.Ordinal);
        Assert.Equal("Information Refused with 404: GET /api/nowhere of subject somebody: there is nothing at /api/nowhere", Lines[3]);
        Assert.DoesNotContain(Lines, line => line.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_log_line_of_an_invalid_request_only_names_its_members()
    {
        await fixture.AgentAsync("web-01");

        await fixture.PostAsync("/node/_all/command/exec", """{"command": 5, "args": "s3cret", "secret": "s3cret"}""");

        Assert.StartsWith("Information Refused with 400: POST /node/_all/command/exec of subject somebody: not valid: ", Assert.Single(Lines), StringComparison.Ordinal);
        Assert.DoesNotContain(Lines, line => line.Contains("s3cret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_flood_is_a_few_lines_and_a_number()
    {
        for (var request = 0; request < RefusalLog.MaxLines + 5; request++)
            await fixture.GetAsync("/agent/web-99");
        Assert.Equal(RefusalLog.MaxLines, Lines.Length);

        fixture.Time.Advance(TimeSpan.FromSeconds(11));
        await fixture.GetAsync("/agent/web-99");

        Assert.EndsWith("; 5 more since the last such line", Lines[^1], StringComparison.Ordinal);
        Assert.Equal(RefusalLog.MaxLines + 1, Lines.Length);
    }
}
