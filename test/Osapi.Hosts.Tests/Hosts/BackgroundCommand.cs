using System.Diagnostics;

namespace Osapi.Hosts.Tests.Hosts;

/// <summary>A command in a host that runs while the test does other things. It ends with its host at the latest.</summary>
internal sealed class BackgroundCommand : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly Task<string> complaint;

    public BackgroundCommand(IReadOnlyList<string> command)
    {
        process = Process.Start(Tool.Start(command))!;
        process.StandardInput.Close();
        complaint = process.StandardError.ReadToEndAsync(CancellationToken.None);
    }

    /// <summary>Waits for a line of its standard output that contains the text.</summary>
    public async Task LineAsync(string wanted, CancellationToken cancellationToken)
    {
        do
        {
            var line = await process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(Bound, cancellationToken)
                ?? throw new InvalidOperationException($"it ended: {await complaint.WaitAsync(Bound, cancellationToken)}");
            if (line.Contains(wanted, StringComparison.Ordinal))
                return;
        }
        while (true);
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
    }
}
