using System.Globalization;
using Osapi.Operations.Agents;

namespace Osapi.Cli.Rendering.Lists;

/// <summary>Prints the list of agents: one line each, the most important columns first.</summary>
internal static class AgentTable
{
    private const string EmptyCell = "-";
    private const int StatusColumn = 1;
    private const double Gibibyte = 1L << 30;

    private static readonly string[] Columns = ["hostname", "status", "conditions", "labels", "age", "version", "os", "load (1m)", "memory"];

    /// <summary>Prints the list.</summary>
    /// <param name="list">The list.</param>
    /// <param name="now">The time, for ages.</param>
    /// <param name="width">The width in cells; null to print all columns.</param>
    public static void Print(AgentList list, DateTimeOffset now, int? width)
    {
        if (list.Agents.Count == 0)
        {
            Terminal.Out.Line("no agent is registered");
            return;
        }

        ListTable table = new(Columns, [.. list.Agents.Select(agent => Cells(agent, now))]);
        table.Print(width, StatusColumn, row => Style(list.Agents[row]));
    }

    private static string[] Cells(AgentDetail agent, DateTimeOffset now) =>
    [
        agent.Hostname,
        Status(agent),
        List(agent.Conditions.Where(condition => condition.Status).Select(condition => condition.Type)),
        List(agent.Labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}:{label.Value}")),
        ReadableValues.Age(now - agent.RegisteredAt),
        agent.Version ?? EmptyCell,
        agent.OsInfo is { } os ? $"{os.Distribution} {os.Version}".TrimEnd() : EmptyCell,
        agent.LoadAverage is { } load ? load.OneMinute.ToString("0.00", CultureInfo.InvariantCulture) : EmptyCell,
        agent.Memory is { Total: > 0 } memory
            ? string.Create(CultureInfo.InvariantCulture, $"{memory.Used * 100.0 / memory.Total:0}% of {memory.Total / Gibibyte:0.0} GB")
            : EmptyCell,
    ];

    // One word for status and state where it suffices.
    private static string Status(AgentDetail agent) => agent switch
    {
        { Status: AgentStatus.Ready } => agent.State,
        { State: AgentState.Ready } => agent.Status,
        _ => $"{agent.Status}, {agent.State}",
    };

    private static string Style(AgentDetail agent) => agent switch
    {
        { Status: not AgentStatus.Ready } => "red",
        { State: not AgentState.Ready } => "yellow",
        _ => "green",
    };

    private static string List(IEnumerable<string> words) => string.Join(", ", words) is { Length: > 0 } list ? list : EmptyCell;
}
