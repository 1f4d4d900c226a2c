using Osapi.Cli.Streams;

namespace Osapi.Cli.Rendering;

/// <summary>The two streams. Answers go to the one, everything that is said about them to the other.</summary>
internal static class Terminal
{
    /// <summary>Standard output, for bytes that are no text.</summary>
    public static StandardStream Output { get; } = new(1, StandardDescriptors.IsClosed(1));

    public static Printer Out => field ??= new(Console.Out);

    public static Printer Error => field ??= new(Console.Error);

    /// <summary>Takes over the streams of the process. Nothing that is written to them throws any more.</summary>
    public static void Open()
    {
        Console.SetError(new StandardWriter(new(2, StandardDescriptors.IsClosed(2))));
        Console.SetOut(new StandardWriter(Output));
        Output.Failing = reason => Fail($"standard output cannot be written: {reason}; the rest of it is lost");
    }

    /// <summary>The exit code of a command that ends with another one: what was done and could not be told is not simply done.</summary>
    public static int ExitCodeAfter(int exitCode) => exitCode == ExitCode.Ok && Output.Failure is not null ? ExitCode.OutputLost : exitCode;

    /// <summary>Prints an answer for programs, exactly as it is.</summary>
    public static void Exact(string text) => Console.Out.WriteLine(text);

    /// <summary>Says what went wrong, a line each.</summary>
    public static void Fail(params IEnumerable<string> problems)
    {
        foreach (var problem in problems)
            Error.Styled($"[red]error:[/] {problem}");
    }

    /// <summary>Says what is odd and does no harm.</summary>
    public static void Warn(string message) => Error.Styled($"[yellow]warning:[/] {message}");
}
