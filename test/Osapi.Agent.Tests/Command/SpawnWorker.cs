using System.Runtime.InteropServices;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Processes;

namespace Osapi.Agent.Tests.Command;

/// <summary>
/// The entry point of a process that may not call clone3(2) or close_range(2), as in some containers and on old
/// kernels, and runs one command.
/// </summary>
internal static partial class SpawnWorker
{
    public const string Argument = "--spawn-worker";

    public static async Task<int> RunAsync(string line)
    {
        Refuse(435, 436);
        Host host = new() { Name = "here" };
        var end = await host.RunAsync(new("sh", ["-c", line]), CancellationToken.None);
        Console.Write(end.Output.Text + end.Error.Text);
        return end.Exit.Code;
    }

    // A filter of system calls (seccomp(2)) that makes two of them fail as on a kernel that does not have them.
    private static unsafe void Refuse(uint first, uint second)
    {
        const ushort Load = 0x20, JumpIfEqual = 0x15, Return = 0x06;
        const uint NotKnown = 0x0005_0000 | 38, Allow = 0x7fff_0000;
        const int NoNewPrivileges = 38, SetFilter = 1, AllThreads = 1;
        var filter = stackalloc Instruction[] { new(Load, 0, 0, 0), new(JumpIfEqual, 1, 0, first), new(JumpIfEqual, 0, 1, second), new(Return, 0, 0, NotKnown), new(Return, 0, 0, Allow) };
        Program program = new() { Length = 5, Filter = filter };
        Assert.Equal(0, Control(NoNewPrivileges, 1, 0, 0, 0));
        var number = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 317 : 277;
        Assert.Equal(0, SystemCall(number, SetFilter, AllThreads, &program));
    }

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Control(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static unsafe partial nint SystemCall(nint number, nint operation, nint flags, Program* program);

    /// <summary>struct sock_filter.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Instruction(ushort code, byte whenTrue, byte whenFalse, uint value)
    {
        private readonly ushort code = code;
        private readonly byte whenTrue = whenTrue;
        private readonly byte whenFalse = whenFalse;
        private readonly uint value = value;
    }

    /// <summary>struct sock_fprog.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct Program
    {
        public ushort Length;
        public Instruction* Filter;
    }
}
