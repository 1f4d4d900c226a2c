using System.IO.Pipes;
using System.Runtime.InteropServices;
using Osapi.Operations;

namespace Osapi.Agent.Hosts.Processes;

/// <summary>
/// A process that this agent started, with its pipes. It stays in the process table until disposed, so that its id is
/// valid for signals until then.
/// </summary>
/// <remarks>
/// One thread starts the process and waits for its end. The kernel sends the parent-death signal when the thread that
/// started a process ends (PR_SET_PDEATHSIG(2const)), and a start may wait for a file system, which must not block
/// anything else.
/// </remarks>
internal sealed class ChildProcess : IDisposable
{
    // The kernel can interrupt most waits for a file system when a process is killed, but not all.
    private static readonly TimeSpan KillTimeout = TimeSpan.FromSeconds(2);

    private readonly TaskCompletionSource starting = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<ProcessExit> exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock gate = new();
    private readonly Spawn spawn;
    private readonly AnonymousPipeServerStream? input;
    private StartedProcess started;
    private bool abandoned;
    private bool disposed;
    private bool isReaped;

    private ChildProcess(Spawn spawn, bool hasInput)
    {
        this.spawn = spawn;
        input = hasInput ? new(PipeDirection.Out) : null;
    }

    public int Id => started.Id;

    /// <summary>True when it was in the job's group before it executed its program.</summary>
    public bool IsInGroup => started.IsInGroup;

    /// <summary>The standard input; null for none.</summary>
    public Stream? Input => input;

    public AnonymousPipeServerStream Output { get; } = new(PipeDirection.In);

    public AnonymousPipeServerStream Error { get; } = new(PipeDirection.In);

    /// <summary>The task that completes when it ends.</summary>
    public Task<ProcessExit> Exited => exited.Task;

    /// <summary>Starts a process. A stop before it has executed its program kills it.</summary>
    /// <param name="request">The program to start.</param>
    /// <param name="environment">The complete environment.</param>
    /// <param name="cgroup">The control group; null for none.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stop">Stops the start.</param>
    /// <exception cref="OperationException">The program cannot be started.</exception>
    public static async Task<ChildProcess> StartAsync(
        ProcessRequest request, IReadOnlyDictionary<string, string> environment, JobCgroup? cgroup, TimeProvider time, CancellationToken stop)
    {
        ChildProcess process = new(new(request, environment, cgroup), hasInput: request.Input is not null);
        try
        {
            new Thread(process.Run, maxStackSize: 256 * 1024) { IsBackground = true, Name = "command" }.Start();
            await process.starting.Task.WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!process.starting.Task.IsCompleted && await process.AbandonAsync(time))
                throw new OperationException(ErrorType.Unavailable, $"{request.Program} cannot be started: the file system that it or its working directory is on does not answer");
            await process.starting.Task;
            return process;
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    /// <summary>Closes the pipes, and removes the process from the table once it has ended.</summary>
    public void Dispose()
    {
        Input?.Dispose();
        Output.Dispose();
        Error.Dispose();
        lock (gate)
        {
            disposed = true;
            ReapOnce();
        }
    }

    private void Run()
    {
        try
        {
            started = spawn.Start(input?.ClientSafePipeHandle, Output.ClientSafePipeHandle, Error.ClientSafePipeHandle);
            lock (gate)
            {
                starting.SetResult();
                if (abandoned)
                    _ = ProcessCalls.Kill(Id, ProcessCalls.SigKill);
            }
        }
        catch (Exception exception)
        {
            starting.SetException(exception);
            return;
        }
        finally
        {
            input?.DisposeLocalCopyOfClientHandle();
            Output.DisposeLocalCopyOfClientHandle();
            Error.DisposeLocalCopyOfClientHandle();
        }

        Wait();
    }

    // False when it has started after all and is to be stopped like any other. If it starts later, it is killed.
    private async Task<bool> AbandonAsync(TimeProvider time)
    {
        // It may already have executed its program, while the starting thread has not reported it yet.
        await starting.Task.WaitAsync(ProcessTreeTerminator.TermGracePeriod, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!spawn.KillWaiting())
            return Abandon();
        await starting.Task.WaitAsync(KillTimeout, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Abandon();
        return true;
    }

    private bool Abandon()
    {
        lock (gate)
            return abandoned = !starting.Task.IsCompleted;
    }

    private unsafe void Wait()
    {
        // siginfo_t is 128 bytes; on 64-bit machines si_code is at 8 and si_status at 24.
        var information = stackalloc byte[128];
        int result;
        do
            result = ProcessCalls.WaitId(ProcessCalls.WaitForPid, Id, information, ProcessCalls.WaitExited | ProcessCalls.WaitNoReap);
        while (result != 0 && Marshal.GetLastPInvokeError() == ErrorNumber.Interrupted);
        const int Exited = 1;
        var status = *(int*)(information + 24);
        exited.SetResult(result != 0 ? ProcessExit.None : *(int*)(information + 8) == Exited ? new(status, null) : new(-1, SignalName.Of(status)));
        lock (gate)
            ReapOnce();
    }

    // Reaped at the end of the process or of its use, whichever comes last. Afterwards the id may belong to another process.
    private unsafe void ReapOnce()
    {
        if (!disposed || isReaped || !exited.Task.IsCompleted)
            return;
        var information = stackalloc byte[128];
        _ = ProcessCalls.WaitId(ProcessCalls.WaitForPid, Id, information, ProcessCalls.WaitExited | ProcessCalls.WaitNoHang);
        isReaped = true;
    }
}
