using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests;

/// <summary>Tests of secrets in a run that is resumed: its record has none, so that they are read again.</summary>
public sealed class ResumedSecretTests : CliTest
{
    private const string First = "f1rst-58213-with-a-text-of-its-own";
    private const string Second = "s3cond-77120-with-a-text-of-its-own";

    [Fact]
    public async Task A_resumed_run_reads_them_again_and_its_record_has_none()
    {
        await fixture.StartSystemAsync("--hostname", "web-01");
        var plan = fixture.File("plan.yaml", $$$"""
            version: 1
            name: secret
            secrets:
              password: {env: PASSWORD}
            tasks:
              - {name: wait, op: command.shell.execute, target: _all, with: {command: "echo started > {{{fixture.Directory}}}/pipe; while ! [ -e {{{fixture.Directory}}}/go ]; do sleep 0.05; done"}}
              - {name: use, op: command.shell.execute, target: _all, depends_on: [wait], with: {command: "printf %s \"$A\" | sha256sum > {{{fixture.Directory}}}/used", env: {A: "${{ secrets.password }}"} } }
            """);
        var pipe = Path.Combine(fixture.Directory, "pipe");
        (await fixture.RunProgramAsync("mkfifo", pipe)).With(ExitCode.Ok);
        fixture.Environment["PASSWORD"] = First;
        var run = fixture.Start("run", plan);
        var id = (await run.LineAsync("run "))[4..].Trim();
        Assert.Equal("started\n", await File.ReadAllTextAsync(pipe, TestContext.Current.CancellationToken));
        run.Signal(RunningProgram.Kill);
        await run.EndAsync();
        fixture.File("go", "");

        fixture.Environment.Remove("PASSWORD");
        var without = (await fixture.RunAsync("run", "resume", id)).With(ExitCode.BadInput);
        fixture.Environment["PASSWORD"] = Second;
        var resumed = (await fixture.RunAsync("run", "resume", id)).With(ExitCode.Ok);

        Assert.Contains("PASSWORD", without.Error, StringComparison.Ordinal);
        var expected = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Second)));
        Assert.StartsWith(expected, File.ReadAllText(Path.Combine(fixture.Directory, "used")), StringComparison.Ordinal);
        Assert.All([without, resumed], result => Assert.DoesNotContain(Second, result.Output + result.Error, StringComparison.Ordinal));
        foreach (var secret in (string[])[First, Second])
            // Of grep(1); 2 says that something could not be read.
            Assert.Equal(1, (await fixture.RunProgramAsync("grep", "--recursive", "--text", "--fixed-strings", "--files-with-matches", "--devices=skip", secret, fixture.StateDirectory)).ExitCode);
    }
}
