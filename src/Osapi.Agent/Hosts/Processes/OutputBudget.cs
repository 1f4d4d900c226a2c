namespace Osapi.Agent.Hosts.Processes;

/// <summary>
/// How much captured output the jobs of this agent may hold together until their results are published. What is beyond it is cut
/// and flagged: a command must not wait for the memory of another.
/// </summary>
/// <param name="size">Bytes, as they are written in JSON.</param>
internal sealed class OutputBudget(long size)
{
    // A result exists several times on its way: captured, as text, as JSON, in the ledger.
    private const int Copies = 10;

    private long left = size;

    /// <summary>The budget of an agent: 192 MiB, or a tenth of the memory that the process may use if that is less.</summary>
    public static OutputBudget OfThisProcess() => new(Math.Min(192L * 1024 * 1024, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Copies));

    /// <summary>What one job takes of it; given back when it is disposed.</summary>
    public Share Open() => new(this);

    private int Reserve(int wanted)
    {
        while (true)
        {
            var now = Interlocked.Read(ref left);
            var granted = (int)Math.Min(wanted, now);
            if (Interlocked.CompareExchange(ref left, now - granted, now) == now)
                return granted;
        }
    }

    /// <summary>The part of one job.</summary>
    internal sealed class Share(OutputBudget budget) : IDisposable
    {
        private readonly Lock gate = new();
        private long taken;
        private bool isOver;

        /// <summary>The job's result as JSON, when it is too large to be parsed; null for any other.</summary>
        public ReadOnlyMemory<byte>? LargeResult { get; set; }

        /// <summary>Takes some bytes; the result is how many were left.</summary>
        public int Reserve(int wanted)
        {
            lock (gate)
            {
                // A handler that did not stop in time was left behind.
                var granted = isOver ? 0 : budget.Reserve(wanted);
                taken += granted;
                return granted;
            }
        }

        public void Dispose()
        {
            lock (gate)
            {
                Interlocked.Add(ref budget.left, taken);
                (taken, isOver) = (0, true);
            }
        }
    }
}
