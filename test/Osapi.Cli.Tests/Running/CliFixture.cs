namespace Osapi.Cli.Tests.Running;

/// <summary>
/// A fixture with its own directories and environment; deleted after the test, together with running processes.
/// </summary>
internal sealed class CliFixture : IAsyncDisposable
{
    private readonly DirectoryInfo root = System.IO.Directory.CreateTempSubdirectory("osapi-cli-");
    private readonly List<RunningProgram> started = [];

    public CliFixture()
    {
        // The machine's own configuration is not used.
        Environment["OSAPI_CONFIG"] = File("osapi.yaml", "{}");
        Environment["OSAPI_STATE_DIR"] = StateDirectory;
    }

    public string Directory => root.FullName;

    public string StateDirectory => Path.Combine(root.FullName, "state");

    public Dictionary<string, string> Environment { get; } = [];

    public string File(string name, string text)
    {
        var path = Path.Combine(root.FullName, name);
        System.IO.File.WriteAllText(path, text);
        // It may be a password or a token, which others must not be able to read.
        System.IO.File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }

    public RunningProgram Start(params string[] arguments) => Keep(RunningProgram.Start(Programs.Osapi, arguments, Environment));

    public Task<ProcessResult> RunAsync(params string[] arguments) => Start(arguments).EndAsync();

    public Task<ProcessResult> RunWithInputAsync(string input, params string[] arguments) => Keep(RunningProgram.Start(Programs.Osapi, arguments, Environment, input)).EndAsync();

    public RunningProgram StartProgram(string file, params string[] arguments) => Keep(RunningProgram.Start(file, arguments, Environment));

    public Task<ProcessResult> RunProgramAsync(string file, params string[] arguments) => Keep(RunningProgram.Start(file, arguments, Environment)).EndAsync();

    /// <summary>Starts <c>osapi start</c> on a free port and waits until it listens.</summary>
    public async Task<RunningSystem> StartSystemAsync(params string[] arguments)
    {
        var program = Start(["start", "--listen", "http://127.0.0.1:0", .. arguments]);
        return new(program, await program.LineAsync(" listens on "));
    }

    /// <summary>Creates a token for the system of this fixture.</summary>
    public async Task<string> TokenAsync(string role) =>
        (await RunAsync("token", "generate", "--roles", role, "--subject", "tester")).With(0).Output.Trim();

    public async ValueTask DisposeAsync()
    {
        foreach (var program in started)
            await program.DisposeAsync();
        root.Delete(recursive: true);
    }

    private RunningProgram Keep(RunningProgram program)
    {
        started.Add(program);
        return program;
    }
}
