using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace Osapi.Agent.Hosts.Processes;

/// <summary>
/// A process that this agent started, with its pipes. It stays in the process table until it is disposed, so that its id
/// means this process for as long as someone may signal it.
/// </summary>
internal sealed unsafe class ChildProcess : IDisposable
{
    private readonly TaskCompletionSource<ProcessExit> exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock gate = new();
    private bool disposed;
    private bool reaped;

    private ChildProcess(Started started, Stream? input, AnonymousPipeServerStream output, AnonymousPipeServerStream error) =>
        (Id, IsInGroup, Input, Output, Error) = (started.Id, started.IsInGroup, input, output, error);

    public int Id { get; }

    /// <summary>True when it was in the job's group before it executed anything.</summary>
    public bool IsInGroup { get; }

    /// <summary>What it reads; null when it reads nothing.</summary>
    public Stream? Input { get; }

    public AnonymousPipeServerStream Output { get; }

    public AnonymousPipeServerStream Error { get; }

    /// <summary>Completes when it ends.</summary>
    public Task<ProcessExit> Exited => exited.Task;

    /// <summary>Starts a process.</summary>
    /// <param name="request">What to start.</param>
    /// <param name="environment">All of its environment variables.</param>
    /// <param name="cgroup">The group that it is to be in; null where there is none.</param>
    /// <exception cref="Osapi.Operations.OperationException">It cannot be started.</exception>
    public static ChildProcess Start(ProcessRequest request, IReadOnlyDictionary<string, string> environment, JobCgroup? cgroup)
    {
        var input = request.Input is null ? null : new AnonymousPipeServerStream(PipeDirection.Out);
        AnonymousPipeServerStream output = new(PipeDirection.In);
        AnonymousPipeServerStream error = new(PipeDirection.In);
        try
        {
            var started = Spawn.Start(request, environment, input is null ? null : Theirs(input), Theirs(output), Theirs(error), cgroup);
            ChildProcess process = new(started, input, output, error);
            // Waiting takes a thread, as nothing in the framework tells of the end of a process that it did not start.
            new Thread(process.Wait, maxStackSize: 128 * 1024) { IsBackground = true, Name = "command" }.Start();
            return process;
        }
        catch
        {
            input?.Dispose();
            output.Dispose();
            error.Dispose();
            throw;
        }
        finally
        {
            input?.DisposeLocalCopyOfClientHandle();
            output.DisposeLocalCopyOfClientHandle();
            error.DisposeLocalCopyOfClientHandle();
        }
    }

    /// <summary>Closes the pipes, and takes the process out of the table as soon as it has ended.</summary>
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

    private static int Theirs(AnonymousPipeServerStream pipe) => (int)pipe.ClientSafePipeHandle.DangerousGetHandle();

    private void Wait()
    {
        // siginfo_t is 128 bytes; on 64-bit machines si_code is at 8 and si_status at 24.
        var information = stackalloc byte[128];
        int result;
        do
            result = Libc.WaitId(Libc.WaitForPid, Id, information, Libc.WaitExited | Libc.WaitNoReap);
        while (result != 0 && Marshal.GetLastPInvokeError() == Libc.Interrupted);
        const int Exited = 1;
        var status = *(int*)(information + 24);
        exited.SetResult(result != 0 ? ProcessExit.None : *(int*)(information + 8) == Exited ? new(status, null) : new(-1, SignalName.Of(status)));
        lock (gate)
            ReapOnce();
    }

    // Whichever comes last, the end of the process or the end of its use. The id may be another process's afterwards.
    private void ReapOnce()
    {
        if (!disposed || reaped || !exited.Task.IsCompleted)
            return;
        var information = stackalloc byte[128];
        _ = Libc.WaitId(Libc.WaitForPid, Id, information, Libc.WaitExited | Libc.WaitNoHang);
        reaped = true;
    }
}
