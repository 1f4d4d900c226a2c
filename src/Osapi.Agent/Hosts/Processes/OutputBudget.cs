using Osapi.Agent.Outputs;

namespace Osapi.Agent.Hosts.Processes;

/// <summary>
/// The memory limit for captured output of all jobs of this agent, until their results are published. Output beyond it
/// is truncated and flagged: a command must not wait for another command's memory.
/// </summary>
/// <param name="size">The size in bytes, counted as JSON.</param>
internal sealed class OutputBudget(long size)
{
    // A result exists several times on its way: captured, as text, as JSON, in the ledger.
    private const int Copies = 10;

    private long left = size;

    /// <summary>Creates the budget of an agent: 192 MiB, or a tenth of the process's memory limit if that is less.</summary>
    public static OutputBudget OfThisProcess() => new(Math.Min(192L * 1024 * 1024, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Copies));

    /// <summary>Opens the share of one job; disposing it returns it, and closes the spool.</summary>
    public Share Open(JobSpool? spool = null) => new(this) { Spool = spool };

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

    /// <summary>The share of one job.</summary>
    internal sealed class Share(OutputBudget budget) : IDisposable
    {
        private readonly Lock gate = new();
        private long taken;
        private bool isOver;

        /// <summary>The spool of the job's output; null for a job that writes none.</summary>
        public JobSpool? Spool { get; init; }

        /// <summary>The job's result as JSON, when it is too large to be parsed; otherwise null.</summary>
        public ReadOnlyMemory<byte>? LargeResult { get; set; }

        /// <summary>The number of bytes of output in the result, as far as they are known before it is JSON; at most.</summary>
        public long OutputSize => Interlocked.Read(ref taken) + (Spool?.InlineSize ?? 0);

        /// <summary>Reserves bytes and returns how many were granted.</summary>
        public int Reserve(int wanted)
        {
            lock (gate)
            {
                // An abandoned handler gets nothing.
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

            Spool?.Dispose();
        }
    }
}
