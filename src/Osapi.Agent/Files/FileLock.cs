namespace Osapi.Agent.Files;

/// <summary>Serializes jobs that change the same file or its record.</summary>
internal sealed class FileLock : IDisposable
{
    // A fixed number for all paths: two files that share one only wait for each other.
    private static readonly SemaphoreSlim[] Gates = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    private readonly SemaphoreSlim gate;

    private FileLock(SemaphoreSlim gate) => this.gate = gate;

    public static async Task<FileLock> AcquireAsync(string path, CancellationToken cancellationToken)
    {
        var gate = Gates[(uint)path.GetHashCode(StringComparison.Ordinal) % Gates.Length];
        await gate.WaitAsync(cancellationToken);
        return new(gate);
    }

    public void Dispose() => gate.Release();
}
