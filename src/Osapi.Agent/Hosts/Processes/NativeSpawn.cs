using System.Runtime.InteropServices;

namespace Osapi.Agent.Hosts.Processes;

/// <summary>
/// The binding of <c>native/spawn/osapi_spawn.c</c>, which is linked into the native executable, and is a library when
/// run with the JIT.
/// </summary>
/// <remarks>
/// Managed code cannot do this: between fork and exec only system calls are allowed, and posix_spawn(3) supports
/// neither control groups nor the parent-death signal.
/// </remarks>
internal static unsafe partial class NativeSpawn
{
    /// <summary>The steps that may fail; the numbers are those of the C source.</summary>
    public enum Step
    {
        None,
        Process,
        Streams,
        Directory,
        Program,
    }

    /// <summary>Starts a process; returns 0, or the error of the failed step.</summary>
    /// <param name="spawn">The request. It must stay at its address until the call returns.</param>
    [LibraryImport("osapi_spawn", EntryPoint = "osapi_spawn")]
    public static partial int Start(Request* spawn);

    /// <summary><c>struct osapi_spawn</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Request
    {
        public byte* File;
        public byte** Arguments;
        public byte** Environment;
        public byte* Directory;
        public int Input;
        public int Output;
        public int Error;
        public int Group;
        public int Pid;
        public int Joined;
        public Step Failed;
    }
}
