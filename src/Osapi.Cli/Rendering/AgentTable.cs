using System.Globalization;
using Osapi.Operations;
using Osapi.Operations.Agents;

namespace Osapi.Cli.Rendering;

/// <summary>Prints the list of agents: one line each, the most important columns first.</summary>
internal static class AgentTable
{
    private const string EmptyCell = "-";
    private const double Gibibyte = 1L << 30;

    private static readonly string[] Columns = ["hostname", "status", "conditions", "labels", "age", "version", "os", "load (1m)", "memory"];

    public static void Print(AgentList list, DateTimeOffset now)
    {
        if (list.Agents.Count == 0)
        {
            Terminal.Out.Line("no agent is registered");
            return;
        }

        var rows = list.Agents.Select(agent => (string[])[.. Cells(agent, now).Select(cell => ControlCharacters.Escape(cell))]).ToList();
        var widths = Columns.Select((name, column) => Math.Max(name.Length, rows.Max(row => row[column].Length))).ToList();
        Terminal.Out.Styled($"[grey]{Line(Columns)}[/]");
        foreach (var (row, agent) in rows.Zip(list.Agents))
            Terminal.Out.Styled($"{row[0].PadRight(widths[0])}  [{Style(agent)}]{row[1].PadRight(widths[1])}[/]  {Line(row[2..], from: 2)}");

        string Line(string[] cells, int from = 0) => string.Join("  ", cells.Select((cell, column) => cell.PadRight(widths[from + column]))).TrimEnd();
    }

    /// <summary>Formats an age in its two largest units: <c>3d 4h</c>, <c>12h 5m</c>, <c>45m</c>, <c>30s</c>.</summary>
    public static string Age(TimeSpan age) => age switch
    {
        { TotalDays: >= 1 } => $"{age.Days}d {age.Hours}h",
        { TotalHours: >= 1 } => $"{age.Hours}h {age.Minutes}m",
        { TotalMinutes: >= 1 } => $"{age.Minutes}m",
        _ => $"{Math.Max(0, age.Seconds)}s",
    };

    private static string[] Cells(AgentDetail agent, DateTimeOffset now) =>
    [
        agent.Hostname,
        Status(agent),
        List(agent.Conditions.Where(condition => condition.Status).Select(condition => condition.Type)),
        List(agent.Labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}:{label.Value}")),
        Age(now - agent.RegisteredAt),
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
