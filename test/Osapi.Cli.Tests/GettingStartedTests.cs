using System.Text.RegularExpressions;
using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests;

/// <summary>Tests that docs/getting-started.md says what happens: its files and its commands, in its order.</summary>
public sealed partial class GettingStartedTests : CliTest
{
    private static readonly string[] Blocks = [.. Fenced.Matches(File.ReadAllText(Path.Combine(Programs.Repository, "docs", "getting-started.md"))).Select(match => match.Groups[1].Value)];

    [GeneratedRegex("^```[a-z]+\n(.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fenced { get; }

    // Times and the ids of runs differ.
    [GeneratedRegex(@"\d+(\.\d+)? (ms|s)\b|(?<=run )[0-9a-f-]{36}")]
    private static partial Regex Time { get; }

    [Fact]
    public async Task The_plan_is_drawn_checked_refused_with_a_mistake_and_run_as_the_page_shows()
    {
        Assert.Equal(6, Blocks.Length);
        var (template, yaml, graph, mistake, run) = (Blocks[0], Blocks[1], Blocks[2], Blocks[3], Blocks[4]);
        fixture.File("hello.conf.tmpl", template);
        fixture.File("hello.yaml", yaml.Replace("/tmp/hello.conf", Path.Combine(fixture.Directory, "hello.conf"), StringComparison.Ordinal));

        Assert.Equal(graph, (await ShellAsync("osapi plan graph hello.yaml")).With(0).Output);
        Assert.Contains($"+greeting = \"Hello from {Environment.MachineName}\"", (await ShellAsync("osapi run hello.yaml --check")).With(0).Output, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(fixture.Directory, "hello.conf")));
        fixture.File("wrong.yaml", yaml.Replace(" path: hello.conf.tmpl", " pathh: hello.conf.tmpl", StringComparison.Ordinal));
        Assert.Equal(mistake, (await ShellAsync("osapi run wrong.yaml")).With(ExitCode.BadInput).Error.Replace("wrong.yaml", "hello.yaml", StringComparison.Ordinal));

        var first = (await ShellAsync(Commands(run).Single())).With(0).Output.Replace(Environment.MachineName, "vm", StringComparison.Ordinal);
        var shown = run[(run.IndexOf('\n', StringComparison.Ordinal) + 1)..].Split("...\n");
        Assert.StartsWith(Time.Replace(shown[0], "T"), Time.Replace(first, "T"), StringComparison.Ordinal);
        Assert.EndsWith(Time.Replace(shown[1], "T"), Time.Replace(first, "T"), StringComparison.Ordinal);

        Assert.Equal("3 tasks, 2 unchanged, 1 skipped", (await ShellAsync("osapi run hello.yaml")).With(0).Lines[^1]);
        var welcome = (await ShellAsync("osapi run hello.yaml --set greeting=Welcome")).With(0);
        Assert.Contains(welcome.Lines, line => line.EndsWith($"greeting = \"Welcome from {Environment.MachineName}\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_commands_are_answered_by_a_system_that_runs()
    {
        await fixture.StartSystemAsync("--hostname", "vm");

        foreach (var command in Commands(Blocks[5]))
            Assert.NotEmpty((await ShellAsync(command)).With(0).Output);
        Assert.Contains("file.deploy.execute", (await ShellAsync("osapi operations")).With(0).Output, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Commands(string block) => block.Split('\n').Where(line => line.StartsWith("$ ", StringComparison.Ordinal)).Select(line => line[2..]);

    // As a user types it: in the directory of the files, with the program in the path.
    private Task<ProcessResult> ShellAsync(string line)
    {
        var programs = Directory.CreateDirectory(Path.Combine(fixture.Directory, "bin")).FullName;
        if (!File.Exists(Path.Combine(programs, "osapi")))
            File.CreateSymbolicLink(Path.Combine(programs, "osapi"), Programs.Osapi);
        return fixture.RunProgramAsync("bash", "-c", $"cd '{fixture.Directory}'; PATH='{programs}':$PATH; {line}");
    }
}
