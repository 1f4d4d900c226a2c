namespace Osapi.Cli.Tests.Running;

/// <summary>A named pipe through which a command on a host reports its process id.</summary>
internal sealed class Pipe
{
    private Pipe(string path) => Path = path;

    public string Path { get; }

    /// <summary>A shell line that writes its process id and then runs until it is stopped.</summary>
    public string Endless => $"echo $$ > {Path}; exec sleep 300";

    public static async Task<Pipe> CreateAsync(CliFixture fixture, string name)
    {
        var path = System.IO.Path.Combine(fixture.Directory, name);
        (await fixture.RunProgramAsync("mkfifo", path)).With(0);
        return new(path);
    }

    /// <summary>Waits until the command runs; opening the other end of a pipe waits for its writer.</summary>
    public async Task<int> ProcessAsync()
    {
        var line = await Task.Run(() => File.ReadAllText(Path), TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(40), TimeProvider.System, TestContext.Current.CancellationToken);
        return int.Parse(line, System.Globalization.CultureInfo.InvariantCulture);
    }
}
