using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests;

/// <summary>Tests of the completion of command lines, and of <c>osapi help</c>.</summary>
public sealed class CompletionTests : CliTest
{
    [Fact]
    public async Task Commands_and_options_are_completed_without_a_controller_and_a_silent_one_is_not_waited_for()
    {
        Assert.Equal(["job"], await WordsAsync("osapi jo"));
        Assert.Equal(["cancel", "delete", "get", "list", "output", "retry", "watch"], await WordsAsync("osapi job "));
        Assert.Contains("--since", await WordsAsync("osapi job list --s"));
        Assert.Contains("processing", await WordsAsync("osapi job list --status "));
        Assert.Equal(["_all", "_any"], await WordsAsync("osapi node load --target _"));
        Assert.Equal(["deploy"], await WordsAsync($"osapi run {fixture.File("plan.yaml", PlanTexts.One("node.load.get").Replace("only", "deploy", StringComparison.Ordinal))} --why d"));
        Assert.False(Directory.Exists(fixture.StateDirectory));

        await using UnresponsiveController controller = new(healthy: true);
        Assert.Equal(["_all", "_any"], await WordsAsync($"osapi node load --url {controller.Url} --target _"));
    }

    [Fact]
    public async Task Hosts_labels_jobs_and_files_come_from_the_controller()
    {
        await fixture.StartSystemAsync("--hostname", "web-01", "--label", "group=web");
        (await fixture.RunAsync("node", "load")).With(ExitCode.Ok);
        (await fixture.RunAsync("file", "upload", fixture.File("app.conf", "x"))).With(ExitCode.Ok);

        Assert.Equal(["web-01"], await WordsAsync("osapi node load -T w", "--timeout", "30"));
        Assert.Equal(["group:web"], await WordsAsync("osapi node load -T g", "--timeout", "30"));
        Assert.Equal(["web-01"], await WordsAsync("osapi agent drain ", "--timeout", "30"));
        Assert.Matches("^[0-9a-f-]{36}$", Assert.Single(await WordsAsync("osapi job output ", "--timeout", "30")));
        Assert.Equal(["app.conf"], await WordsAsync("osapi file download a", "--timeout", "30"));
    }

    [Fact]
    public async Task Bash_completes_with_the_script()
    {
        var script = fixture.File("completion.bash", (await fixture.RunAsync("completion", "bash")).With(ExitCode.Ok).Output);
        var answer = await fixture.RunProgramAsync("bash", "-c", $"source '{script}'; COMP_WORDS=('{Programs.Osapi}' job li); COMP_CWORD=2; COMP_LINE='osapi job li'; COMP_POINT=12; _osapi; echo \"${{COMPREPLY[@]}}\"");

        Assert.Equal("list\n", answer.With(0).Output);
    }

    [Fact]
    public async Task Help_of_a_command_is_that_of_the_option_and_a_wrong_one_gets_the_nearest()
    {
        Assert.Equal((await fixture.RunAsync("job", "list", "--help")).With(ExitCode.Ok).Output, (await fixture.RunAsync("help", "job", "list")).With(ExitCode.Ok).Output);
        Assert.Equal(["error: 'osapi job' has no command 'lst'; did you mean 'list'?"], (await fixture.RunAsync("help", "job", "lst")).With(ExitCode.BadInput).ErrorLines);
    }

    private async Task<string[]> WordsAsync(string line, params string[] options) => (await fixture.RunAsync(["completion", "words", .. options, "--", line])).With(ExitCode.Ok).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
