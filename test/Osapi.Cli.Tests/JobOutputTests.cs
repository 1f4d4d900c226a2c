using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests;

/// <summary>Tests of the commands that print the output of jobs.</summary>
public sealed class JobOutputTests : CliTest
{
    [Fact]
    public async Task The_output_of_a_job_goes_byte_for_byte_into_a_file()
    {
        var written = new byte[700_000];
        Random.Shared.NextBytes(written);
        await File.WriteAllBytesAsync(Path.Combine(fixture.Directory, "written"), written, TestContext.Current.CancellationToken);
        await fixture.StartSystemAsync("--hostname", "web-01");
        var id = await RunAsync($"cat {fixture.Directory}/written; echo problem >&2");

        (await fixture.RunProgramAsync("/bin/sh", "-c", $"'{Programs.Osapi}' --state-dir '{fixture.StateDirectory}' job output {id} > '{fixture.Directory}/read'")).With(ExitCode.Ok);
        var error = (await fixture.RunAsync("job", "output", id, "--stream", "stderr", "--host", "web-01", "--follow")).With(ExitCode.Ok);

        Assert.Equal(written, await File.ReadAllBytesAsync(Path.Combine(fixture.Directory, "read"), TestContext.Current.CancellationToken));
        Assert.Equal("problem\n", error.Output);
    }

    [Fact]
    public async Task A_followed_command_prints_each_line_after_its_host_and_the_outcome_at_the_end()
    {
        await fixture.StartSystemAsync("--hostname", "web-01");

        var followed = (await fixture.RunAsync("command", "shell", "--target", "web-01", "--follow", "--command", "echo one; echo two; echo three >&2; exit 3")).With(ExitCode.Failed);

        Assert.Equal(["web-01: one", "web-01: three", "web-01: two"], followed.Lines.Where(line => line.Contains(": ", StringComparison.Ordinal) && line.StartsWith("web-01: ", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal("web-01  failed, changed: exit code 3: three", followed.Lines[^1]);
    }

    [Fact]
    public async Task Wrong_arguments_are_named()
    {
        var wrong = (await fixture.RunAsync("job", "output", "x", "--stream", "all")).With(ExitCode.BadInput);

        Assert.Equal(2, wrong.ErrorLines.Length);
    }

    private async Task<string> RunAsync(string command)
    {
        var answer = (await fixture.RunAsync("command", "shell", "--target", "web-01", "--json", "--command", command)).With(ExitCode.Ok);
        using var document = System.Text.Json.JsonDocument.Parse(answer.Output);
        return document.RootElement.GetProperty("job_id").GetString()!;
    }
}
