using System.Reflection;
using System.Runtime.InteropServices;
using Osapi.Cli.Rendering;

namespace Osapi.Cli;

/// <summary>Tells an exception that nothing foresaw, in one line.</summary>
internal static partial class UnexpectedError
{
    /// <summary>Prints the line and returns the exit code.</summary>
    public static int Print(Exception exception)
    {
        var cause = Cause(exception);
        if (cause is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            Terminal.Fail($"a library that the system needs cannot be loaded: {cause.Message}");
            return ExitCode.Unreachable;
        }

        Terminal.Fail($"internal error: {cause.GetType().Name}: {cause.Message}{Place(cause)}; please report it");
        return ExitCode.InternalError;
    }

    /// <summary>Ends the process after an exception on a thread of its own, before the runtime prints its trace and aborts.</summary>
    public static void End(Exception exception) => End(Print(exception));

    private static Exception Cause(Exception exception)
    {
        while (exception is TypeInitializationException or AggregateException or TargetInvocationException && exception.InnerException is { } inner)
            exception = inner;
        return exception;
    }

    private static string Place(Exception exception) =>
        exception.StackTrace?.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() is { } first ? $" ({first})" : "";

    // Handlers at exit would wait for what will never come.
    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void End(int code);
}
