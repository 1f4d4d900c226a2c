using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests;

/// <summary>Tests that only terminals get colours.</summary>
public sealed class TerminalTests : CliTest
{
    private const char Escape = '\x1b';

    [Fact]
    public async Task Output_that_is_not_a_terminal_never_has_colours()
    {
        fixture.Environment["GITHUB_ACTIONS"] = "true";
        fixture.Environment["TERM"] = "xterm-256color";

        var run = (await fixture.RunAsync("run", PlanTexts.QuickStart)).With(ExitCode.Ok);
        var wrong = (await fixture.RunAsync("nod")).With(ExitCode.BadInput);

        Assert.DoesNotContain(Escape, run.Output);
        Assert.DoesNotContain(Escape, wrong.Error);
    }

    [Fact]
    public async Task A_terminal_has_colours_and_the_same_text()
    {
        fixture.Environment["TERM"] = "xterm-256color";

        var ended = (await fixture.RunProgramAsync("script", "-qec", $"'{Programs.Osapi}' run '{PlanTexts.QuickStart}'", "/dev/null")).With(ExitCode.Ok);

        Assert.Contains($"{Escape}[", ended.Output, StringComparison.Ordinal);
        Assert.Contains("5 tasks, 5 unchanged", ended.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_terminal_has_none_with_NO_COLOR_and_json_never_has()
    {
        fixture.Environment["TERM"] = "xterm-256color";
        var json = (await fixture.RunProgramAsync("script", "-qec", $"'{Programs.Osapi}' node load --json", "/dev/null")).With(ExitCode.Ok);
        fixture.Environment["NO_COLOR"] = "1";
        var plain = (await fixture.RunProgramAsync("script", "-qec", $"'{Programs.Osapi}' node load", "/dev/null")).With(ExitCode.Ok);

        // The runtime itself may switch the keypad of a terminal; only the text's formatting is checked (ECMA-48, SGR).
        Assert.DoesNotMatch($@"{Escape}\[[0-9;]*m", json.Output);
        Assert.DoesNotMatch($@"{Escape}\[[0-9;]*[39][0-9]m", plain.Output);
    }
}
