using System.Runtime.InteropServices;

namespace Osapi.Agent.Hosts;

/// <summary>A system call that failed, for the reason that the kernel gave.</summary>
/// <param name="attempt">What was tried, to follow "could not".</param>
internal sealed class HostFileException(string attempt) : IOException($"could not {attempt}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}")
{
    /// <summary>The kernel's number of the reason (errno(3)).</summary>
    public int Error { get; } = Marshal.GetLastPInvokeError();
}
