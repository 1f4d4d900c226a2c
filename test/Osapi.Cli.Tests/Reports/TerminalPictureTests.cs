using System.Text.RegularExpressions;
using Osapi.Cli.Tests.Running;
using Osapi.Tests;

namespace Osapi.Cli.Tests.Reports;

/// <summary>Tests of the end of a run as it looks on a terminal: a plan of twenty tasks on five hosts, on three of which one fails.</summary>
public sealed partial class TerminalPictureTests : CliTest
{
    [Theory]
    [InlineData(80, 24)]
    [InlineData(160, 50)]
    public async Task A_failure_its_hosts_and_its_reason_are_on_the_screen(int columns, int rows)
    {
        await using var fleet = await Fleet.StartAsync(fixture, "web-01", "web-02", "web-03", "web-04", "web-05");
        var plan = Plan();
        fixture.Environment["TERM"] = "xterm-256color";

        var record = fixture.File("record", "");
        (await fixture.RunProgramAsync("script", "-qec", $"stty cols {columns} rows {rows}; '{Programs.Osapi}' run --yes '{plan}'", record)).With(ExitCode.Failed);
        var output = Marks.Replace(await File.ReadAllTextAsync(record, TestContext.Current.CancellationToken), "");

        if (Environment.GetEnvironmentVariable("OSAPI_PICTURES") is { Length: > 0 } directory)
            await File.WriteAllTextAsync(Path.Combine(directory, $"release.{columns}x{rows}.raw"), output, TestContext.Current.CancellationToken);
        TerminalScreen screen = new(columns);
        screen.Write(Normalise(output));
        // The prompt of the shell takes the last row.
        var visible = screen.Rows.TakeLast(rows - 1).ToList();
        Assert.Contains(visible, row => row.StartsWith("  migrate on web-03, web-04: exit code 3", StringComparison.Ordinal));
        Assert.Contains(visible, row => row.Contains("""ERROR: relation "sessions" is locked by another migration""", StringComparison.Ordinal));
        Assert.Contains(visible, row => row.StartsWith("  migrate on web-05: exit code 1: disk quota exceeded", StringComparison.Ordinal));
        Approved.Match(
            $"{string.Join('\n', screen.Rows.SkipLast(rows - 1))}\n{new string('=', columns)} the screen at the end\n{string.Join('\n', visible)}",
            $"Reports/TerminalPicture.{columns}x{rows}.approved.txt");
    }

    private string Plan()
    {
        fixture.File("app.conf", "port = 8080\n");
        return fixture.File("release.yaml", File.ReadAllText(Path.Combine(Programs.Repository, "test", "Osapi.Cli.Tests", "Reports", "release.yaml")).Replace("@DIR@", fixture.Directory, StringComparison.Ordinal));
    }

    // Before the terminal breaks lines, so that they break where they are approved.
    private string Normalise(string output)
    {
        output = output.Replace(fixture.Directory, "/srv", StringComparison.Ordinal).Replace(Environment.MachineName, "machine", StringComparison.OrdinalIgnoreCase);
        output = JobId.Replace(output, "00000000-0000-4000-8000-000000000000");
        output = LongestChain.Replace(output, "longest chain: (tasks)");
        output = CutReason.Replace(output, "$1...");
        return Duration.Replace(output, "0.1 s");
    }

    // The first and the last line of a record are script's own.
    [GeneratedRegex(@"\AScript started on [^\n]*\n|\nScript done on [^\n]*\n\z")]
    private static partial Regex Marks { get; }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex JobId { get; }

    [GeneratedRegex(@"(?<![0-9.])[0-9]+(\.[0-9])? (ms|s)\b")]
    private static partial Regex Duration { get; }

    // The room for it depends on the text of the duration before it.
    [GeneratedRegex("([0-9] of 5 )[^\r\n\x1b]*\\.\\.\\.")]
    private static partial Regex CutReason { get; }

    [GeneratedRegex("longest chain: [^\r\n\x1b]*")]
    private static partial Regex LongestChain { get; }
}
