using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests;

/// <summary>Tests of the agent commands' output for people.</summary>
public sealed class AgentTests : CliTest
{
    [Fact]
    public async Task The_list_is_a_table_and_drain_and_undrain_are_seen_in_it()
    {
        var system = await fixture.StartSystemAsync("--hostname", "web-01", "--label", "group=web.dev", "--label", "tier=a");
        fixture.Environment["OSAPI_URL"] = system.Url;
        fixture.Environment["OSAPI_TOKEN"] = await fixture.TokenAsync("admin");

        var list = (await fixture.RunAsync("agent", "list", "-o", "wide")).With(ExitCode.Ok);
        // The agent publishes its conditions shortly after it has registered.
        for (var turn = 0; turn < 100 && !list.Lines[1].EndsWith(" GB", StringComparison.Ordinal); turn++)
            list = (await fixture.RunAsync("agent", "list", "-o", "wide")).With(ExitCode.Ok);
        Assert.Equal(2, list.Lines.Length);
        Assert.Equal(["hostname", "status", "conditions", "labels", "age", "version", "os", "load (1m)", "memory"], Cells(list.Lines[0]));
        Assert.Matches(@"^web-01 +Ready +\S.* +group:web\.dev, tier:a +\d+[sm] +0\.2\.0\S* +\S+.* +\d+\.\d\d +\d+% of \d+\.\d GB$", list.Lines[1]);

        var narrow = (await fixture.RunAsync("agent", "list")).With(ExitCode.Ok);
        Assert.All(narrow.Lines, line => Assert.InRange(line.Length, 1, 80));
        Assert.Equal(["hostname", "status"], Cells(narrow.Lines[0]).Take(2));

        (await fixture.RunAsync("agent", "drain", "web-01", "--reason", "kernel update")).With(ExitCode.Ok);
        Assert.Matches("^web-01 +(Draining|Cordoned) +", (await fixture.RunAsync("agent", "list")).With(ExitCode.Ok).Lines[1]);
        Assert.Contains(": the host is ", (await fixture.RunAsync("node", "hostname", "--target", "web-01")).With(ExitCode.Ok).Output, StringComparison.Ordinal);
        Assert.Contains("Drained: kernel update", (await fixture.RunAsync("agent", "timeline", "web-01")).With(ExitCode.Ok).Output, StringComparison.Ordinal);

        (await fixture.RunAsync("agent", "undrain", "web-01")).With(ExitCode.Ok);
        Assert.Contains("os_hostname", (await fixture.RunAsync("node", "hostname")).With(ExitCode.Ok).Output, StringComparison.Ordinal);
        Assert.Contains("kernel_version", (await fixture.RunAsync("agent", "get", "web-01")).With(ExitCode.Ok).Output, StringComparison.Ordinal);
        Assert.Contains("did you mean 'web-01'?", (await fixture.RunAsync("agent", "get", "web-02")).With(ExitCode.Failed).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_is_the_answer_as_it_came()
    {
        var system = await fixture.StartSystemAsync("--hostname", "web-01");
        fixture.Environment["OSAPI_URL"] = system.Url;
        fixture.Environment["OSAPI_TOKEN"] = await fixture.TokenAsync("read");

        var list = (await fixture.RunAsync("agent", "list", "--json")).With(ExitCode.Ok);

        Assert.StartsWith("""{"agents":[{"hostname":"web-01","status":"Ready","state":"Ready",""", list.Output, StringComparison.Ordinal);
        Assert.EndsWith(""","total":1}""", list.Output.TrimEnd(), StringComparison.Ordinal);
    }

    private static string[] Cells(string line) => line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
