using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Osapi.Agent.Hosts.Files;
using Osapi.Agent.Hosts.Processes;
using Osapi.Operations;

namespace Osapi.Agent.Hosts.Transactions;

/// <summary>The lock of a family's transactions, and the output of the latest one, which all agents of a machine share.</summary>
/// <remarks>
/// The process beside the transaction holds the lock (flock(1)), not the agent: so it is free exactly when the transaction
/// has ended, whatever happens to the agent.
/// </remarks>
/// <param name="host">The host.</param>
/// <param name="family">The family.</param>
internal sealed partial class TransactionFiles(Host host, string family)
{
    private const string Directory = "/run/osapi";

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>The path of the lock.</summary>
    public string Lock => host.FullPath($"{Directory}/{family}.lock");

    /// <summary>The path of the output.</summary>
    public string Output => host.FullPath($"{Directory}/{family}.output");

    /// <summary>Waits until no transaction runs; returns the time that it took.</summary>
    /// <exception cref="FamilyLockCanceledException">It was cancelled while one ran.</exception>
    public async Task<TimeSpan> WaitAsync(CancellationToken cancellationToken)
    {
        if (!IsLocked())
            return TimeSpan.Zero;
        var begin = host.Time.GetTimestamp();
        do
            try
            {
                await Task.Delay(PollInterval, host.Time, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                throw new FamilyLockCanceledException(family, cancellationToken);
            }
        while (IsLocked());
        return host.Time.GetElapsedTime(begin);
    }

    /// <summary>Creates the file for the output of a new transaction. An old one stays as long as it is open.</summary>
    /// <exception cref="OperationException">It cannot be created.</exception>
    public SafeFileHandle CreateOutput()
    {
        try
        {
            PrivateDirectory.Open(host.FullPath(Directory)).Dispose();
            File.Delete(Output);
            return File.OpenHandle(Output, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OperationException(ErrorType.Unavailable, $"{Output} cannot be created: {exception.Message.ReplaceLineEndings(" ")}");
        }
    }

    private bool IsLocked()
    {
        using var file = ProcessCalls.Open(Lock, OpenFlags.ReadOnly | OpenFlags.CloseOnExec);
        const int Exclusive = 2, NonBlocking = 4;
        // Closing it gives the lock back.
        return !file.IsInvalid && SystemCall.Retry(() => FLock(file, Exclusive | NonBlocking)) != 0 && Marshal.GetLastPInvokeError() == ErrorNumber.TryAgain;
    }

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int FLock(SafeFileHandle file, int operation);
}
