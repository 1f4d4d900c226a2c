namespace Osapi.Cli.RunReports.Html;

/// <summary>The mark of a status: its word, with a colour.</summary>
internal static class StatusBadge
{
    /// <summary>The statuses that have a colour.</summary>
    public static IReadOnlyList<string> Known { get; } = ["failed", "cancelled", "changed", "unchanged", "skipped"];

    /// <summary>Returns the class of a status; that of a skipped one for those that a newer program wrote.</summary>
    public static string ClassOf(string status) => Known.Contains(status) ? status : "skipped";

    public static void Write(HtmlWriter page, string status) => page.Add($"<span class=\"badge {ClassOf(status)}\">{status}</span>");
}
