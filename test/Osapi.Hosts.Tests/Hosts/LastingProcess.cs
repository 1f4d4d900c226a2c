using System.Diagnostics;

namespace Osapi.Hosts.Tests.Hosts;

/// <summary>
/// A process that reports that it is ready and lives until its standard input ends, which happens when the tests end in
/// any way.
/// </summary>
internal sealed class LastingProcess : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly Process process;

    private LastingProcess(Process process) => this.process = process;

    /// <summary>The process id that it reported.</summary>
    public required int Pid { get; init; }

    public static async Task<LastingProcess> StartAsync(IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        var process = Process.Start(Tool.Start(command))!;
        var complaint = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var line = await process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(Bound, cancellationToken);
        if (line?.Split(' ') is ["ready", var pid])
            return new(process) { Pid = int.Parse(pid, System.Globalization.CultureInfo.InvariantCulture) };
        process.StandardInput.Close();
        throw new InvalidOperationException($"{string.Join(' ', command)} did not start: {line} {await complaint.WaitAsync(Bound, cancellationToken)}");
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10), CancellationToken.None);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }
}
