using Osapi.Plans.Yaml;

namespace Osapi.Cli.Rendering;

/// <summary>Prints problems in files, each with its line and carets under the place.</summary>
internal static class FileProblems
{
    // More are not read; they are often the same mistake again.
    private const int MaxProblems = 20;

    // The width where there is no terminal, such as in the log of a build server.
    private const int DefaultWidth = 120;

    public static void Print(IReadOnlyList<FileProblem> problems)
    {
        foreach (var problem in problems.Take(MaxProblems))
            Print(problem);
        if (problems.Count > MaxProblems)
            Terminal.Error.Line($"and {problems.Count - MaxProblems} more");
    }

    private static void Print(FileProblem problem)
    {
        Terminal.Fail(problem.In(problem.Source?.Name ?? ""));
        if (SourceExcerpt.Of(problem, Width()) is not { } excerpt)
            return;
        Terminal.Error.Styled($"[blue]{excerpt.Gutter}[/]{excerpt.Text}");
        Terminal.Error.Styled($"[blue]{excerpt.EmptyGutter}[/][red]{new string(' ', excerpt.Indent) + new string('^', excerpt.Carets)}[/]");
        if (excerpt.Correction is not null)
            Terminal.Error.Styled($"[blue]{excerpt.CorrectionGutter}[/]write: [green]{excerpt.Correction}[/]");
    }

    private static int Width()
    {
        try
        {
            return !Console.IsErrorRedirected && Console.WindowWidth is > 0 and var width ? width : DefaultWidth;
        }
        catch (Exception exception) when (exception is IOException or PlatformNotSupportedException)
        {
            return DefaultWidth;
        }
    }
}
