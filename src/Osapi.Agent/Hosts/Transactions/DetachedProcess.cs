using Microsoft.Win32.SafeHandles;
using System.Runtime.InteropServices;
using Osapi.Agent.Hosts.Processes;

namespace Osapi.Agent.Hosts.Transactions;

/// <summary>A program that this agent started and that goes on when the agent ends, with a file as its output.</summary>
/// <remarks>
/// The kernel signals the direct child of an agent that ended. So that child is only <c>setsid --wait</c>, which passes
/// on the exit code; the program is its child, in a session of its own. A pipe as its output would end it at its next
/// line.
/// </remarks>
internal static class DetachedProcess
{
    /// <summary>Starts a program, and waits for its end.</summary>
    /// <param name="command">The program with its arguments.</param>
    /// <param name="environment">The complete environment.</param>
    /// <param name="output">The file that gets its output and its errors. Its owner disposes it.</param>
    /// <exception cref="Osapi.Operations.OperationException">The program cannot be started.</exception>
    public static Task<ProcessExit> RunAsync(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, SafeFileHandle output)
    {
        TaskCompletionSource<ProcessExit> exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Spawn spawn = new(new("setsid", ["--fork", "--wait", .. command]), environment, cgroup: null);
        // One thread for its whole life: the kernel takes the end of the thread for that of the parent.
        new Thread(() =>
        {
            try
            {
                exited.SetResult(Wait(spawn.Start(null, output, output).Id));
            }
            catch (Exception exception)
            {
                exited.SetException(exception);
            }
        })
        { IsBackground = true, Name = "transaction" }.Start();
        return exited.Task;
    }

    private static unsafe ProcessExit Wait(int id)
    {
        // siginfo_t is 128 bytes; on 64-bit machines si_code is at 8 and si_status at 24.
        var information = stackalloc byte[128];
        int result;
        do
            result = ProcessCalls.WaitId(ProcessCalls.WaitForPid, id, information, ProcessCalls.WaitExited);
        while (result != 0 && Marshal.GetLastPInvokeError() == ErrorNumber.Interrupted);
        const int Exited = 1;
        var status = *(int*)(information + 24);
        return result != 0 ? ProcessExit.None : *(int*)(information + 8) == Exited ? new(status, null) : new(-1, SignalName.Of(status));
    }
}
