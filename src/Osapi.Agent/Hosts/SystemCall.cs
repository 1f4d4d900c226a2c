using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Osapi.Agent.Hosts;

/// <summary>The handling of a system call's result: interruptions and errors.</summary>
internal static class SystemCall
{
    /// <summary>Repeats a call that a signal interrupted.</summary>
    public static int Retry(Func<int> call)
    {
        int result;
        while ((result = call()) < 0 && Marshal.GetLastPInvokeError() == ErrorNumber.Interrupted)
        {
        }

        return result;
    }

    /// <summary>Returns the handle of a descriptor.</summary>
    /// <exception cref="HostFileException">The call failed.</exception>
    public static SafeFileHandle Handle(int descriptor, string attempt)
    {
        Check(descriptor, attempt);
        return new(descriptor, ownsHandle: true);
    }

    /// <exception cref="HostFileException">The call failed.</exception>
    public static void Check(int result, string attempt)
    {
        if (result < 0)
            throw new HostFileException(attempt);
    }
}
