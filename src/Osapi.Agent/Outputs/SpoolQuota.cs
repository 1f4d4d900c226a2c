namespace Osapi.Agent.Outputs;

/// <summary>The space that the spools of all jobs of this host share.</summary>
/// <param name="size">The size in bytes.</param>
internal sealed class SpoolQuota(long size)
{
    private long left = size;

    /// <summary>Reserves bytes and returns how many were granted.</summary>
    public int Reserve(int wanted)
    {
        while (true)
        {
            var now = Interlocked.Read(ref left);
            var granted = (int)Math.Clamp(now, 0, wanted);
            if (Interlocked.CompareExchange(ref left, now - granted, now) == now)
                return granted;
        }
    }

    /// <summary>Reserves bytes that are on the disk already, also beyond the quota.</summary>
    public void Add(long bytes) => Interlocked.Add(ref left, -bytes);

    /// <summary>Releases reserved bytes.</summary>
    public void Release(long bytes) => Interlocked.Add(ref left, bytes);
}
