using Spectre.Console;

namespace Osapi.Cli.Rendering;

/// <summary>The two streams. Answers go to the one, everything that is said about them to the other.</summary>
internal static class Terminal
{
    public static IAnsiConsole Out { get; } = Plain(Console.Out);

    public static IAnsiConsole Error { get; } = Plain(Console.Error);

    /// <summary>A line of an answer, as it is.</summary>
    public static void Line(string text) => Console.Out.WriteLine(text);

    /// <summary>Says what went wrong, each line of it.</summary>
    public static void Fail(string message)
    {
        foreach (var line in message.Split('\n'))
            Error.MarkupLineInterpolated($"[red]error:[/] {line}");
    }

    /// <summary>Says what is odd and does no harm.</summary>
    public static void Warn(string message) => Error.MarkupLineInterpolated($"[yellow]warning:[/] {message}");

    // Lines are never folded to the width of the terminal: what is long stays one line for whoever searches or copies it.
    private static IAnsiConsole Plain(TextWriter writer)
    {
        // What the stream is decides about colours, not where the process runs: a build server's log is no terminal.
        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(writer), Enrichment = new() { UseDefaultEnrichers = false } });
        console.Profile.Width = int.MaxValue / 2;
        return console;
    }
}
