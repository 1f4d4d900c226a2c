using System.Reflection;
using System.Runtime.InteropServices;
using Osapi.Cli.Rendering;

namespace Osapi.Cli;

/// <summary>Reports an unexpected exception in one line.</summary>
internal static partial class UnexpectedError
{
    /// <summary>Prints the error and returns the exit code.</summary>
    public static int Print(Exception exception)
    {
        var cause = Cause(exception);
        if (cause is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            Terminal.Fail($"a library that the system needs cannot be loaded: {cause.Message}");
            return ExitCode.Unreachable;
        }

        Terminal.Fail($"internal error: {cause.GetType().Name}: {cause.Message}{FirstFrame(cause)}; please report it");
        return ExitCode.InternalError;
    }

    /// <summary>Ends the process after an exception on another thread, before the runtime prints its stack trace and aborts.</summary>
    public static void End(Exception exception) => End(Print(exception));

    private static Exception Cause(Exception exception)
    {
        while (exception is TypeInitializationException or AggregateException or TargetInvocationException && exception.InnerException is { } inner)
            exception = inner;
        return exception;
    }

    private static string FirstFrame(Exception exception) =>
        exception.StackTrace?.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() is { } first ? $" ({first})" : "";

    // Exit handlers would wait forever.
    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void End(int code);
}
