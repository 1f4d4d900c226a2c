using System.Text.Json;
using Microsoft.Extensions.Logging;
using Osapi.Cli.Logging;
using Osapi.Cli.Tests.Running;
using Osapi.Operations;

namespace Osapi.Cli.Tests;

/// <summary>
/// Tests that the output of a host, a caller or a file can neither control a terminal nor imitate our own lines.
/// </summary>
public sealed class HostileOutputTests : CliTest
{
    // A title, a cleared screen, an overwritten line, a C1 CSI, a reversed direction, a line separator, DEL and a
    // colour, and a forged line.
    private const string Bytes = @"\033]0;owned\007\033[2J\033[Hsafe\roverwritten\302\2332Jc1\342\200\256txt.exe\342\200\250after\177\033[31mred\nchanged  deploy\n";
    private const string Shown = @"\u001b]0;owned\u0007\u001b[2J\u001b[Hsafe\roverwritten\u009b2Jc1\u202etxt.exe\u2028after\u007f\u001b[31mred";

    public override ValueTask InitializeAsync()
    {
        fixture.Environment["TERM"] = "xterm-256color";
        fixture.Environment["NO_COLOR"] = "1";
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task The_output_of_a_host_is_escaped_and_its_lines_stay_below_its_name()
    {
        foreach (var ended in new[]
        {
            (await fixture.RunAsync("command", "shell", "--command", $"printf '{Bytes}'; printf '{Bytes}' >&2")).With(ExitCode.Ok),
            (await OnTerminalAsync($"'{Programs.Osapi}' command shell --command \"printf '{Bytes}'; printf '{Bytes}' >&2\"")).With(ExitCode.Ok),
            (await fixture.RunAsync("run", PlanOf($"printf '{Bytes}'; printf '{Bytes}' >&2"))).With(ExitCode.Ok),
        })
        {
            AssertHarmless(ended.Output);
            Assert.Equal(2, ended.Lines.Count(line => line.Trim() == Shown));
            Assert.All(ended.Lines.Where(line => line.Contains("changed  deploy", StringComparison.Ordinal)), line => Assert.StartsWith("    ", line, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Errors_are_escaped_and_stay_on_their_line()
    {
        // The agent reports the last line of a failed command.
        var plan = (await fixture.RunAsync("run", PlanOf($"printf '{Bytes}' >&2; exit 3"))).With(ExitCode.Failed);
        var call = (await fixture.RunAsync("command", "exec", "--command", "/no/such\x1b[2J\u202e\nerror: forged")).With(ExitCode.Failed);
        var wrong = (await fixture.RunAsync("node", "hostname", "--targ\x1b[2Jt\u009b")).With(ExitCode.BadInput);
        var target = (await fixture.RunAsync("node", "hostname", "--target", "a\x1b]0;x\a\nb")).With(ExitCode.BadInput);
        var file = (await fixture.RunAsync("run", fixture.File("keys.yaml", "name: p\ntasks: []\n\"\\e[2J\\nforged\": 1\n"))).With(ExitCode.BadInput);
        var path = (await fixture.RunAsync("run", "/nowhere/\x1b[2J\u2028.yaml")).With(ExitCode.BadInput);

        foreach (var ended in new[] { plan, call, wrong, target, file, path })
            AssertHarmless(ended.Output + ended.Error);
        Assert.DoesNotContain(plan.Lines, line => line.StartsWith("changed", StringComparison.Ordinal));
        Assert.DoesNotContain(call.ErrorLines, line => line.StartsWith("error: forged", StringComparison.Ordinal));
        Assert.Single(target.ErrorLines);
    }

    [Fact]
    public async Task Json_is_exact()
    {
        using var call = JsonDocument.Parse((await OnTerminalAsync($"'{Programs.Osapi}' command shell --json --command \"printf '{Bytes}'\"")).With(ExitCode.Ok).Output);
        var report = (await fixture.RunAsync("run", PlanOf($"printf '{Bytes}'"), "--json")).With(ExitCode.Ok).Report;
        const string exact = "\x1b]0;owned\a\x1b[2J\x1b[Hsafe\roverwritten\u009b2Jc1\u202etxt.exe\u2028after\x7f\x1b[31mred\nchanged  deploy\n";

        Assert.Equal(exact, call.RootElement.GetProperty("results")[0].GetProperty("stdout").GetString());
        Assert.Equal(exact, report.GetProperty("tasks")[0].GetProperty("hosts")[0].GetProperty("data").GetProperty("stdout").GetString());
    }

    [Fact]
    public async Task Names_with_control_characters_are_refused()
    {
        var plan = (await fixture.RunAsync("run", fixture.File("plan.yaml", "name: \"p\\e[2J\"\ntasks:\n- {name: \"a\\u202e\", op: node.load.get, target: _any}\n- {name: \"b\\nchanged  deploy\", op: node.load.get, target: _any}\n"))).With(ExitCode.BadInput);
        var token = (await fixture.RunAsync("token", "generate", "--roles", "read", "--subject", "me\u0085")).With(ExitCode.BadInput);
        var stored = (await fixture.RunAsync("file", "upload", "--name", "a\u202eb", "--path", fixture.File("a", ""), "--content-type", "raw")).With(ExitCode.BadInput);
        var deployed = (await fixture.RunAsync("file", "status", "--path", "/tmp/a\u2028b")).With(ExitCode.BadInput);

        // Each of the three with its line and the marks below it.
        Assert.Equal(9, plan.ErrorLines.Length);
        Assert.Contains(@"'name' must be without control characters: 'b\nchanged  deploy'", plan.ErrorLines[6], StringComparison.Ordinal);
        Assert.DoesNotContain(plan.Error, character => char.IsControl(character) && character != '\n');
        Assert.Equal([@"error: --subject 'me\u0085' must be without control characters, and at most 256 characters"], token.ErrorLines);
        Assert.Contains("without control characters", Assert.Single(stored.ErrorLines), StringComparison.Ordinal);
        Assert.Contains("without control characters", Assert.Single(deployed.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_between_colons_stays_text()
    {
        var ended = (await fixture.RunAsync("command", "exec", "--command", "echo", "--args", "[bold]:warning: {0} [/]")).With(ExitCode.Ok);

        Assert.Contains(ended.Lines, line => line.EndsWith("  [bold]:warning: {0} [/]", StringComparison.Ordinal));
    }

    [Fact]
    public void A_message_of_the_log_is_one_line_and_only_the_places_of_an_exception_follow()
    {
        StringWriter text = new();
        using LineLogger provider = new(text, journal: true, TimeProvider.System);
        var logger = provider.CreateLogger("Osapi.Agent");

        logger.Log(LogLevel.Warning, default, "A message of web\x1b]0;x\a\r\n<3>agent: forged\u009b\u202e\u2028 was not understood", null, (message, _) => message);
        try
        {
            throw new InvalidOperationException("outer\n   at Forged()", new IOException("inner\x1b[2J"));
        }
        catch (InvalidOperationException exception)
        {
            logger.Log(LogLevel.Error, default, "It failed", exception, (message, _) => message);
        }

        var lines = text.ToString().TrimEnd('\n').Split('\n');
        Assert.Equal(@"<4>agent: A message of web\u001b]0;x\u0007\r\n<3>agent: forged\u009b\u202e\u2028 was not understood", lines[0]);
        Assert.Equal(@"<3>agent: It failed: System.InvalidOperationException: outer\n   at Forged(): System.IO.IOException: inner\u001b[2J", lines[1]);
        Assert.StartsWith("<3>agent:    at Osapi.Cli.Tests.", Assert.Single(lines[2..]), StringComparison.Ordinal);
    }

    // Line feeds end lines and tabs are layout; every other control character is removed.
    private static void AssertHarmless(string text) =>
        Assert.DoesNotContain(text.Where(letter => letter is not ('\n' or '\t')), letter => ControlCharacters.AreIn($"{letter}"));

    private string PlanOf(string command) =>
        fixture.File("plan.yaml", $"name: p\ntasks:\n- {{name: a, op: command.shell.execute, target: _any, with: {{command: {JsonSerializer.Serialize(command, JsonTexts.Default.String)}}}}}\n");

    // A separate terminal, whose line discipline puts a carriage return before each line feed, and where the runtime
    // may switch the keypad and names are bold.
    private async Task<ProcessResult> OnTerminalAsync(string command)
    {
        var ended = await fixture.RunProgramAsync("script", "-qec", command, "/dev/null");
        return ended with { Output = ended.Output.Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\x1b[?1h\x1b=", "", StringComparison.Ordinal).Replace("\x1b[1m", "", StringComparison.Ordinal).Replace("\x1b[0m", "", StringComparison.Ordinal) };
    }
}
