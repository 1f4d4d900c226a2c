using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Osapi.Agent.Hosts.Processes;

/// <summary>The system calls that watch and end processes.</summary>
/// <remarks>
/// The framework's own way of starting them searches for programs beside its executable and in its working directory,
/// passes on inherited descriptors, and does not distinguish an exit code from a signal.
/// </remarks>
internal static unsafe partial class ProcessCalls
{
    public const int ExecuteAccess = 1;

    public const int SigKill = 9;
    public const int SigTerm = 15;
    public const int SigCont = 18;

    // <sys/wait.h>
    public const int WaitForPid = 1;
    public const int WaitExited = 4;
    public const int WaitNoReap = 0x01000000;
    public const int WaitNoHang = 1;

    // <poll.h>
    public const short PollIn = 1;

    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    public static partial int WaitId(int idType, int id, byte* information, int options);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(ref PollRequest request, nuint count, int timeout);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(SafeHandle descriptor, byte* buffer, nint count);

    [StructLayout(LayoutKind.Sequential)]
    public struct PollRequest
    {
        public int Descriptor;
        public short Events;
        public short ReturnedEvents;
    }
}
