using Osapi.Cli.Streams;

namespace Osapi.Cli.Rendering;

/// <summary>The two standard streams: results go to standard output, messages to standard error.</summary>
internal static class Terminal
{
    /// <summary>Standard output, for binary content.</summary>
    public static StandardStream Output { get; } = new(1, StandardDescriptors.IsClosed(1));

    public static Printer Out => field ??= new(Console.Out);

    public static Printer Error => field ??= new(Console.Error);

    /// <summary>The width of the terminal in cells; null when standard output is none.</summary>
    public static int? Width => SizeOf(static () => Console.WindowWidth);

    /// <summary>The height of the terminal in rows; null when standard output is none.</summary>
    public static int? Height => SizeOf(static () => Console.WindowHeight);

    /// <summary>True when standard output is a terminal on which a line can be written again.</summary>
    public static bool CanMove => !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } and not "dumb";

    /// <summary>Replaces the streams of the process. Writing to them never throws.</summary>
    public static void Open()
    {
        Console.SetError(new StandardWriter(new(2, StandardDescriptors.IsClosed(2))));
        Console.SetOut(new StandardWriter(Output));
        Output.Failed = reason => Fail($"standard output cannot be written: {reason}; the rest of it is lost");
    }

    /// <summary>Returns the exit code of a command, or <see cref="ExitCode.OutputLost"/> when it succeeded and its output could not be written.</summary>
    public static int ExitCodeAfter(int exitCode) => exitCode == ExitCode.Ok && Output.Failure is not null ? ExitCode.OutputLost : exitCode;

    /// <summary>Prints output for programs, unmodified.</summary>
    public static void Raw(string text) => Console.Out.WriteLine(text);

    /// <summary>Prints errors, one line each.</summary>
    public static void Fail(params IEnumerable<string> problems)
    {
        foreach (var problem in problems)
            Error.Styled($"[red]error:[/] {problem}");
    }

    /// <summary>Prints a warning.</summary>
    public static void Warn(string message) => Error.Styled($"[yellow]warning:[/] {message}");

    // A terminal that does not know its size says 0.
    private static int? SizeOf(Func<int> size)
    {
        try
        {
            return !Console.IsOutputRedirected && size() is > 0 and var cells ? cells : null;
        }
        catch (Exception exception) when (exception is IOException or PlatformNotSupportedException)
        {
            return null;
        }
    }
}
