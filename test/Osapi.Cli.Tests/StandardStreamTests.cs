using Osapi.Cli.Tests.Hosting;
using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests;

/// <summary>Tests of standard streams that are full, closed, or not read.</summary>
public sealed class StandardStreamTests : CliTest
{
    private const string Full = "error: standard output cannot be written: No space left on device; the rest of it is lost";
    private const string Closed = "error: standard output cannot be written: Bad file descriptor; the rest of it is lost";

    [Theory]
    [InlineData("version", "> /dev/full", Full)]
    [InlineData("version", ">&-", Closed)]
    [InlineData("--help", "> /dev/full", Full)]
    [InlineData("operations --json", "> /dev/full", Full)]
    [InlineData("config check", "> /dev/full", Full)]
    [InlineData("node hostname", ">&-", Closed)]
    [InlineData("job list", "<&- >&-", Closed)]
    [InlineData("token generate --roles read --subject me", "> /dev/full", Full)]
    public async Task An_answer_that_cannot_be_written_is_one_line_and_a_code_of_its_own(string arguments, string redirection, string line)
    {
        var ended = (await ShellAsync($"$OSAPI {arguments} {redirection}")).With(ExitCode.OutputLost);

        Assert.Equal([line], ended.ErrorLines);
    }

    [Theory]
    [InlineData("> /dev/full", "true", ExitCode.OutputLost)]
    [InlineData("> /dev/full", "false", ExitCode.Failed)]
    [InlineData(">&-", "true", ExitCode.OutputLost)]
    [InlineData(">&-", "false", ExitCode.Failed)]
    [InlineData("| true", "true", ExitCode.Ok)]
    [InlineData("| true", "false", ExitCode.Failed)]
    public async Task A_plan_continues_to_its_end_and_its_exit_code_is_its_outcome(string redirection, string last, int exitCode)
    {
        var marks = fixture.File("marks", "");
        var plan = fixture.File("plan.yaml", $"name: p\ntasks:\n- {{name: a, op: command.shell.execute, target: _any, with: {{command: echo a >> {marks}}}}}\n- {{name: b, op: command.shell.execute, target: _any, depends_on: a, with: {{command: echo b >> {marks}; {last}}}}}\n");

        var ended = (await ShellAsync($"$OSAPI run {plan} {redirection}; exit ${{PIPESTATUS[0]}}")).With(exitCode);

        Assert.Equal(["a", "b"], await File.ReadAllLinesAsync(marks, TestContext.Current.CancellationToken));
        Assert.Equal(redirection switch { "> /dev/full" => [Full], ">&-" => [Closed], _ => [""] }, ended.ErrorLines);
    }

    [Fact]
    public async Task A_reader_that_closes_early_is_no_error()
    {
        var ended = (await ShellAsync("set -o pipefail; $OSAPI operations | head -1")).With(ExitCode.Ok);

        Assert.Single(ended.Lines);
        Assert.Empty(ended.Error);
    }

    [Theory]
    [InlineData("$OSAPI nod 2> /dev/full")]
    [InlineData("$OSAPI nod 2>&-")]
    [InlineData("$OSAPI nod <&- >&- 2>&-")]
    public async Task Errors_that_cannot_be_printed_do_not_change_the_exit_code(string command)
    {
        var ended = (await ShellAsync(command)).With(ExitCode.BadInput);

        Assert.Empty(ended.Output + ended.Error);
    }

    [Fact]
    public async Task Output_to_closed_streams_is_not_written_into_the_store()
    {
        for (var i = 0; i < 2; i++)
            (await ShellAsync("$OSAPI command exec --command echo --args text-of-the-host <&- >&- 2>&-")).With(ExitCode.OutputLost);

        var list = (await fixture.RunAsync("job", "list")).With(ExitCode.Ok);

        Assert.Equal("2 of 2 jobs", list.Lines[^1]);
        Assert.Equal(2, list.Lines.Count(line => line.Contains("completed  command.exec.execute", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_plan_from_a_closed_standard_input_cannot_be_read() =>
        Assert.Equal(["error: standard input cannot be read: it is closed"], (await ShellAsync("$OSAPI run - <&-")).With(ExitCode.BadInput).ErrorLines);

    [Fact]
    public async Task A_service_runs_although_its_output_cannot_be_written()
    {
        using NotifySocket systemd = new(Path.Combine(fixture.Directory, "notify"));
        fixture.Environment["NOTIFY_SOCKET"] = Path.Combine(fixture.Directory, "notify");
        var service = fixture.StartProgram("bash", "-c", $"exec '{Programs.Osapi}' start --listen http://127.0.0.1:0 --log-level debug > /dev/full 2> /dev/full");
        await systemd.FindAsync("READY=1");
        fixture.Environment.Remove("NOTIFY_SOCKET");

        (await fixture.RunAsync("node", "hostname")).With(ExitCode.Ok);

        service.Signal(RunningProgram.Terminate);
        (await service.EndAsync()).With(ExitCode.Ok);
    }

    [Fact]
    public async Task A_watch_and_a_download_end_when_their_reader_is_gone()
    {
        var large = fixture.File("large", new string('x', 4 * 1024 * 1024));
        await fixture.StartSystemAsync();
        (await fixture.RunAsync("file", "upload", "--name", "large", "--path", large, "--content-type", "raw")).With(ExitCode.Ok);

        await ShellEndsWithAsync(ExitCode.ReaderGone, "$OSAPI file download large | head -c 1 > /dev/null; exit ${PIPESTATUS[0]}");
        await ShellEndsWithAsync(ExitCode.OutputLost, "$OSAPI file download large > /dev/full");
        await ShellEndsWithAsync(ExitCode.ReaderGone, $"(until [ -e {fixture.Directory}/over ]; do $OSAPI node hostname > /dev/null; done) & $OSAPI job watch | head -1; code=${{PIPESTATUS[0]}}; touch {fixture.Directory}/over; wait; exit $code");
    }

    [Fact]
    public async Task Text_is_written_as_utf_8_whatever_the_environment_says()
    {
        fixture.Environment["LANG"] = fixture.Environment["LC_ALL"] = "de_DE.ISO-8859-1";

        Assert.Contains("grün", (await fixture.RunAsync("command", "exec", "--command", "printf", "--args", @"gr\303\274n")).With(ExitCode.Ok).Output, StringComparison.Ordinal);
    }

    private async Task ShellEndsWithAsync(int exitCode, string script) => (await ShellAsync(script)).With(exitCode);

    private Task<ProcessResult> ShellAsync(string script)
    {
        fixture.Environment["OSAPI"] = Programs.Osapi;
        return fixture.RunProgramAsync("bash", "-c", script);
    }
}
