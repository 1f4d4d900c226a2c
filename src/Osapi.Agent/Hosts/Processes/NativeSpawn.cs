using System.Runtime.InteropServices;

namespace Osapi.Agent.Hosts.Processes;

/// <summary>
/// The call into <c>native/spawn/osapi_spawn.c</c>, which is linked into the executable, and a library beside it where the
/// JIT runs.
/// </summary>
/// <remarks>
/// Managed code cannot do this: between the fork and the execution of the program only system calls are allowed, and
/// posix_spawn(3) knows neither control groups nor the death of the parent.
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

    /// <summary>Starts a process; 0, or the error of the step that failed.</summary>
    /// <param name="spawn">What to start. It must stay where it is until the call returns.</param>
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
