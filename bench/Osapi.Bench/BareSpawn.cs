using System.Runtime.InteropServices;

namespace Osapi.Bench;

/// <summary>Starts a program with the C library alone, and waits for it: what no agent can be faster than.</summary>
internal static unsafe partial class BareSpawn
{
    /// <exception cref="InvalidOperationException">It did not start, or it failed.</exception>
    public static Task RunAsync(string program)
    {
        var name = Marshal.StringToCoTaskMemUTF8(program);
        try
        {
            var arguments = stackalloc nint[2];
            (arguments[0], arguments[1]) = (name, 0);
            var none = stackalloc nint[1];
            none[0] = 0;
            if (Spawn(out var processId, name, 0, 0, arguments, none) != 0 || Wait(processId, out var status, 0) != processId || status != 0)
                throw new InvalidOperationException($"{program} did not run");
            return Task.CompletedTask;
        }
        finally
        {
            Marshal.FreeCoTaskMem(name);
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_spawn")]
    private static partial int Spawn(out int processId, nint path, nint fileActions, nint attributes, nint* arguments, nint* environment);

    [LibraryImport("libc", EntryPoint = "waitpid")]
    private static partial int Wait(int processId, out int status, int options);
}
