using System.Runtime.InteropServices;

namespace Osapi.Agent.Hosts;

/// <summary>The exception for a failed system call, with the kernel's reason.</summary>
/// <param name="attempt">The attempted action, to follow "could not".</param>
internal sealed class HostFileException(string attempt) : IOException($"could not {attempt}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}")
{
    /// <summary>The kernel's error number (errno(3)).</summary>
    public int Error { get; } = Marshal.GetLastPInvokeError();
}
