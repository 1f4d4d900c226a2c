using System.Security.Cryptography;
using System.Text;
using Osapi.Plans.Reports;

namespace Osapi.Cli.RunReports.Html;

/// <summary>Writes a report as one page of HTML that loads nothing, and that can be read without its script.</summary>
internal static class HtmlReport
{
    /// <summary>The size in bytes that the outputs of the hosts make a page at most; a page is larger only when the report is without any.</summary>
    public const int MaxBytes = 4_500_000;

    // The characters of one output that are shown.
    private const int MaxOutput = 32 * 1024;

    // Nothing may be loaded, sent or run beside the page's own style and script, whatever the texts in it try.
    private static readonly string Policy = $"default-src 'none'; style-src '{Digest(ReportStyle.Css)}'; script-src '{Digest(ReportScript.JavaScript)}'; base-uri 'none'; form-action 'none'";

    /// <summary>Returns the page as UTF-8. When it would be too large, less of each output is in it.</summary>
    public static byte[] Of(RunReport report)
    {
        var limit = MaxOutput;
        while (true)
        {
            var page = Encoding.UTF8.GetBytes(Page(report, limit));
            if (page.Length <= MaxBytes || limit == 0)
                return page;
            limit = limit > 64 ? limit / 2 : 0;
        }
    }

    private static string Page(RunReport report, int maxOutput)
    {
        HtmlWriter page = new();
        page.Raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Raw($"<meta http-equiv=\"Content-Security-Policy\" content=\"{Policy}\">\n")
            .Raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"color-scheme\" content=\"light dark\">\n")
            .Add($"<title>{report.Name}: {report.Outcome}</title>\n")
            .Raw($"<style>{ReportStyle.Css}</style>\n</head>\n<body>\n");
        RunHeading.Write(page, report);
        page.Raw("<main>\n");
        FailureList.Write(page, report);
        OwedList.Write(page, report);
        HostTable.Write(page, report);
        TimelineTable.Write(page, report);
        TaskGraph.Write(page, report);
        TaskList.Write(page, report, maxOutput);
        page.Raw($"</main>\n<script>{ReportScript.JavaScript}</script>\n</body>\n</html>\n");
        return page.ToString();
    }

    private static string Digest(string content) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(content)))}";
}
