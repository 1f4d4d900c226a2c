using Osapi.Operations;
using Osapi.Operations.Command;

namespace Osapi.Agent.Tests.Command;

/// <summary>Tests that a command that cannot be started fails with the reason, and has changed nothing.</summary>
public sealed class RefusalTests : IDisposable
{
    private readonly CommandFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Theory]
    [InlineData("no-such-program", "command not found: no-such-program", ErrorType.NotFound)]
    [InlineData("./no-such-program", "command not found: ./no-such-program", ErrorType.NotFound)]
    [InlineData("/no/such/program", "command not found: /no/such/program", ErrorType.NotFound)]
    [InlineData("/etc/hostname/x", "command not found: /etc/hostname/x", ErrorType.NotFound)]
    [InlineData("/tmp", "/tmp is not executable", ErrorType.Conflict)]
    [InlineData("./plain", "./plain is not executable", ErrorType.Conflict)]
    [InlineData("./garbage", "./garbage cannot be run: it is neither a program for this machine nor a script with an interpreter", ErrorType.Conflict)]
    [InlineData("./orphan", "./orphan cannot be run: its interpreter does not exist", ErrorType.Conflict)]
    [InlineData("-x", "command not found: -x", ErrorType.NotFound)]
    public async Task A_program_that_cannot_be_run(string program, string error, ErrorType type)
    {
        File.WriteAllText(fixture.Path("plain"), "#!/bin/sh\n");
        File.WriteAllText(fixture.Path("garbage"), "echo no interpreter\n");
        File.WriteAllText(fixture.Path("orphan"), "#!/no/such/interpreter\n");
        foreach (var name in (string[])["garbage", "orphan"])
            File.SetUnixFileMode(fixture.Path(name), UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var entry = await fixture.RunAsync(CommandOperations.Exec, new() { Command = program, Cwd = fixture.Path() });

        Assert.Equal((Outcome.Failed, error, type, false), (entry.Outcome, entry.Error, entry.ErrorType, entry.Changed));
        Assert.Null(entry.Result);
    }

    [Theory]
    [InlineData("/no/such/directory", "no such working directory: /no/such/directory", ErrorType.NotFound)]
    [InlineData("/etc/hostname", "the working directory /etc/hostname is not a directory", ErrorType.Conflict)]
    public async Task A_directory_that_it_cannot_run_in(string directory, string error, ErrorType type)
    {
        var entry = await fixture.RunAsync(CommandOperations.Exec, new() { Command = "true", Cwd = directory });

        Assert.Equal((Outcome.Failed, error, type, false), (entry.Outcome, entry.Error, entry.ErrorType, entry.Changed));
    }

    [Fact]
    public async Task A_name_in_the_path_that_is_not_executable()
    {
        File.WriteAllText(fixture.Path("osapi-plain"), "");

        var entry = await fixture.RunAsync(CommandOperations.Exec, new() { Command = "osapi-plain", Env = new Dictionary<string, string> { ["PATH"] = fixture.Path() } });

        Assert.Equal(($"{fixture.Path("osapi-plain")} is not executable", ErrorType.Conflict), (entry.Error, entry.ErrorType));
    }

    [Fact]
    public async Task The_agents_own_directory_is_not_searched() =>
        Assert.Equal("command not found: Osapi.Agent.Tests", (await fixture.ExecAsync("Osapi.Agent.Tests")).Error);

    [Fact]
    public async Task More_than_the_system_takes()
    {
        var entry = await fixture.ExecAsync("true", [.. Enumerable.Repeat(new string('x', 100_000), 100)]);

        Assert.Equal(("the arguments and environment variables exceed the limit of the system", ErrorType.Invalid), (entry.Error, entry.ErrorType));
    }

    [Fact]
    public async Task Nothing_is_started_for_a_request_that_is_wrong()
    {
        var entry = await fixture.RunAsync(CommandOperations.Shell, new() { Command = $"touch {fixture.Path("ran")}", AllowExitCodes = [256] });

        Assert.Equal((ErrorType.Invalid, "allow_exit_codes must have only elements between 0 and 255", false), (entry.ErrorType, entry.Error, File.Exists(fixture.Path("ran"))));
    }
}
