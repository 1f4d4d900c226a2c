using Osapi.Cli.Streams;
using Osapi.Plans.Reports;

namespace Osapi.Cli.RunReports;

/// <summary>A file that gets the report of a run.</summary>
/// <param name="Format">The form of the report.</param>
/// <param name="Path">The path as it was given.</param>
internal sealed record ReportFile(ReportFormat Format, string Path)
{
    /// <inheritdoc cref="OutputFile.Problem"/>
    public string? Problem() => new OutputFile(Path).Problem();

    /// <summary>Writes the report. A reader of the file sees the earlier content or the whole new one.</summary>
    /// <exception cref="IOException">The disk is full, for example.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory can no longer be written.</exception>
    public void Write(RunReport report) => new OutputFile(Path).Write(Format switch
    {
        ReportFormat.Html => Html.HtmlReport.Of(report),
        ReportFormat.Junit => JUnitReport.Of(report),
        ReportFormat.Markdown => MarkdownReport.Of(report),
        _ => [.. RunReportJson.ToBytes(report), (byte)'\n'],
    });
}

/// <summary>The forms of a written report.</summary>
internal enum ReportFormat
{
    /// <summary>A page for a browser.</summary>
    Html,

    /// <summary>The results as test cases, for build servers.</summary>
    Junit,

    /// <summary>The report as data.</summary>
    Json,

    /// <summary>A summary, such as for the page of a build.</summary>
    Markdown,
}
