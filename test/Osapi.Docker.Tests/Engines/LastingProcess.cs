using System.Diagnostics;
using System.Globalization;

namespace Osapi.Docker.Tests.Engines;

/// <summary>A process that lives until its standard input ends, which happens when the tests end in any way.</summary>
internal sealed class LastingProcess : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly Process process;

    private LastingProcess(Process process) => this.process = process;

    public static LastingProcess Start(params IEnumerable<string> command)
    {
        ProcessStartInfo start = new("bash", command) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        // The machine's own configuration is not used.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("DOCKER_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        return new(Process.Start(start)!);
    }

    /// <summary>Reads the process id from the next line "ready PID".</summary>
    public async Task<int> ReadyAsync(CancellationToken cancellationToken)
    {
        var line = await process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(Bound, cancellationToken);
        return line?.Split(' ') is ["ready", var pid] ? int.Parse(pid, CultureInfo.InvariantCulture) : throw new InvalidOperationException($"it did not start: {line}");
    }

    public async Task SayAsync(string line)
    {
        await process.StandardInput.WriteLineAsync(line);
        await process.StandardInput.FlushAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync(CancellationToken.None).WaitAsync(Bound, CancellationToken.None);
        process.Dispose();
    }
}
