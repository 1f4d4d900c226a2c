using System.Text.Json;
using Osapi.Orchestrator;
using Osapi.Plans.Reports;
using Status = Osapi.Orchestrator.Status;

namespace Osapi.Cli.Rendering.Reports;

/// <summary>Prints the results of the items of a loop over results: one line each, with the answer below those that have news.</summary>
internal static class ItemAnswers
{
    /// <summary>Prints the items.</summary>
    /// <param name="items">The items.</param>
    /// <param name="indent">The number of spaces before each line.</param>
    /// <param name="options">The form of the answers.</param>
    /// <param name="reads">True for an operation that only reads, whose answers are its purpose.</param>
    public static void Print(IReadOnlyList<ItemResult> items, int indent, TreeOptions options, bool reads)
    {
        var pad = new string(' ', indent);
        // Those with news first, when there are too many.
        var shown = options.MaxLines is { } max && items.Count > max
            ? [.. items.OrderByDescending(item => item.Status == Status.Failed).ThenByDescending(HasNews).Take(max)]
            : items;
        foreach (var item in shown)
        {
            var reason = item.Error ?? item.SkipReason;
            Terminal.Out.Styled($"{pad}[bold]{item.Key}[/]  [{StatusStyle.Of(item.Status)}]{item.Status.ToText()}[/]{(string.IsNullOrEmpty(reason) ? "" : $": {reason}")}");
            if (item.Check is { } check)
                CheckLines.Print(check, indent + 2);
            else if (item.Data is { } data && (!options.IsBrief || reads || HasNews(item)))
                JsonTree.Print(JsonElement.Parse(data.ToJsonString()), indent + 2, options with { Excluded = RunReportBuild.MembersBesideData, CommandFor = member => Command(item, member) });
        }

        if (shown.Count < items.Count)
            Terminal.Out.Line($"{pad}... {items.Count - shown.Count} more: --verbose");
    }

    private static bool HasNews(ItemResult item) => item.Changed || item.Status is Status.Failed or Status.Cancelled;

    private static string? Command(ItemResult item, string member) =>
        member is "stdout" or "stderr" && item is { JobId: { } job, Hostname: { } host } ? OutputCommand.Of(job.ToString(), host, member) : null;
}
