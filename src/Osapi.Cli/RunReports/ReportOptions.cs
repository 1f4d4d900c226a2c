using System.CommandLine;
using Osapi.Cli.Rendering;
using Osapi.Operations;
using Osapi.Operations.Json;
using Osapi.Plans.Reports;

namespace Osapi.Cli.RunReports;

/// <summary>The option <c>--report FORMAT=FILE</c>.</summary>
/// <param name="description">The beginning of its description.</param>
internal sealed class ReportOptions(string description = "Write the report to a file when the run has ended, however it ended")
{
    private static readonly IReadOnlyList<string> Formats = [.. Enum.GetValues<ReportFormat>().Select(format => SnakeCaseName.Of(format))];

    private readonly Option<string[]> reports = new("--report") { Description = $"{description}: {string.Join(", ", Formats)}; can be repeated", HelpName = "format=file" };

    public void AddTo(Command command)
    {
        reports.CompletionSources.Add(_ => Formats.Select(format => new System.CommandLine.Completions.CompletionItem($"{format}=")));
        command.Options.Add(reports);
    }

    /// <summary>Reads the option. What cannot be written is a problem now, not after the run.</summary>
    public IReadOnlyList<ReportFile> Read(ParseResult result, List<string> problems)
    {
        List<ReportFile> files = [];
        foreach (var text in result.GetValue(reports) ?? [])
            if (Parse(text, problems) is { } file)
                files.Add(file);
        foreach (var path in files.GroupBy(file => Path.GetFullPath(file.Path)).Where(same => same.Count() > 1))
            problems.Add($"--report: '{path.First().Path}' is given {path.Count()} times");
        return files;
    }

    /// <summary>Writes the reports of a run, and returns the exit code of the command: 7 instead of 0 when one could not be written.</summary>
    public static int Write(IReadOnlyList<ReportFile> files, RunReport report, int exitCode)
    {
        foreach (var file in files)
            try
            {
                file.Write(report);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                Terminal.Fail($"the report {file.Path} cannot be written: {exception.Message}");
                exitCode = exitCode == ExitCode.Ok ? ExitCode.OutputLost : exitCode;
            }

        return exitCode;
    }

    private static ReportFile? Parse(string text, List<string> problems)
    {
        var end = text.IndexOf('=', StringComparison.Ordinal);
        var name = end < 0 ? text : text[..end];
        if (!Formats.Contains(name))
            problems.Add($"--report '{text}' must be FORMAT=FILE with one of the formats {string.Join(", ", Formats)}{Suggestions.Hint(name, Formats)}");
        else if (end < 0 || end == text.Length - 1)
            problems.Add($"--report '{text}' names no file: {name}=FILE");
        else if (new ReportFile(Enum.GetValues<ReportFormat>()[Formats.ToList().IndexOf(name)], text[(end + 1)..]) is var file && file.Problem() is { } problem)
            problems.Add($"--report: '{file.Path}' cannot be written: {problem}");
        else
            return file;
        return null;
    }
}
