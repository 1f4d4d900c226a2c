using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Osapi.Agent.Hosts.Processes;

/// <summary>
/// Holds a new process back until it is in its group, so that all that it ever executes is born there. Before the program
/// posix_spawn has it open a FIFO (fifo(7)) twice, which waits each time for the other end: for reading, which tells that it
/// is there, and for writing, which it passes once it was looked for. Only the thread that called posix_spawn waits with it.
/// </summary>
internal sealed class StartGate : IDisposable
{
    private readonly JobCgroup group;
    private readonly SafeFileHandle fifo;

    // Not a background thread: the process must not be left waiting because the agent's Main returns.
    private readonly Thread keeper;
    private SafeFileHandle? open;
    private volatile bool isOver;

    private StartGate(JobCgroup group, SafeFileHandle fifo)
    {
        (this.group, this.fifo) = (group, fifo);
        keeper = new(Keep, maxStackSize: 128 * 1024) { Name = "gate" };
        keeper.Start();
    }

    /// <summary>The descriptor of the FIFO, which a new process inherits until it executes its program.</summary>
    public int Descriptor => (int)fifo.DangerousGetHandle();

    /// <summary>What opens the FIFO, for this process and for a new one.</summary>
    public string Path => $"/proc/self/fd/{Descriptor}";

    /// <summary>What a waiting process has as its standard input: nothing else has that, so it is known by it, even to the next agent.</summary>
    public string Sign => group.Location;

    /// <summary>The processes that were taken into the group; asked for when the gate is disposed.</summary>
    public IReadOnlyList<int> Admitted { get; private set; } = [];

    /// <summary>A gate for one call of posix_spawn; null when there can be none, and the process must be taken in afterwards.</summary>
    public static StartGate? Make(JobCgroup? group)
    {
        if (group is null)
            return null;
        var path = System.IO.Path.Join(System.IO.Path.GetTempPath(), $"osapi-gate-{Guid.NewGuid():N}");
        if (Libc.MakeFifo(path, Libc.OwnerReadsAndWrites) != 0)
            return null;
        var fifo = Libc.Open(path, Libc.OpenPath | Libc.OpenCloseOnExec);
        // The name has done its duty; the descriptor leads to it as long as it is needed.
        _ = Libc.Unlink(path);
        // The first three become the new process's own.
        if (!fifo.IsInvalid && fifo.DangerousGetHandle() > 2)
            return new(group, fifo);
        fifo.Dispose();
        return null;
    }

    /// <summary>Ends it, after posix_spawn has returned.</summary>
    public void Dispose()
    {
        isOver = true;
        // The keeper still waits when no process came.
        using (Release())
            keeper.Join();
        open?.Dispose();
        fifo.Dispose();
    }

    private void Keep()
    {
        SafeFileHandle arrival;
        do
            arrival = Libc.Open(Path, Libc.OpenWriteOnly | Libc.OpenCloseOnExec);
        while (arrival.IsInvalid && Marshal.GetLastPInvokeError() == Libc.Interrupted);
        using (arrival)
            try
            {
                if (!arrival.IsInvalid && !isOver)
                    Admitted = group.AddWaiting();
            }
            finally
            {
                // Until posix_spawn returns: the process may not have come to the second opening yet.
                open = Release();
            }
    }

    // Opening both ends never waits, and lets those go on who wait for either. What can fail it is that no descriptor is
    // free, which passes; a process that waits for ever would not.
    private SafeFileHandle Release()
    {
        while (true)
        {
            var both = Libc.Open(Path, Libc.OpenReadWrite | Libc.OpenCloseOnExec);
            if (!both.IsInvalid)
                return both;
            Libc.PollRequest nothing = default;
            _ = Libc.Poll(ref nothing, count: 0, timeout: 1);
        }
    }
}
