using System.Globalization;
using System.Text;
using Osapi.Orchestrator.Engine;

namespace Osapi.Orchestrator.Rendering;

/// <summary>Renders a plan as a diagram: arrows point from a task to its dependents.</summary>
internal static class Diagram
{
    public static string Mermaid(PlanGraph graph)
    {
        StringBuilder text = new("flowchart TD\n");
        foreach (var task in graph.Tasks)
            text.Append(CultureInfo.InvariantCulture, $"    t{task.Index}[\"{string.Join("<br/>", LinesOf(task).Select(MermaidText))}\"]\n");
        foreach (var task in graph.Tasks)
            foreach (var dependency in task.Dependencies)
                text.Append(CultureInfo.InvariantCulture, $"    t{dependency.Index} --> t{task.Index}\n");
        return text.ToString();
    }

    public static string Dot(PlanGraph graph)
    {
        StringBuilder text = new("digraph plan {\n    node [shape=box];\n");
        foreach (var task in graph.Tasks)
            text.Append(CultureInfo.InvariantCulture, $"    t{task.Index} [label=\"{string.Join("\\n", LinesOf(task).Select(DotText))}\"];\n");
        foreach (var task in graph.Tasks)
            foreach (var dependency in task.Dependencies)
                text.Append(CultureInfo.InvariantCulture, $"    t{dependency.Index} -> t{task.Index};\n");
        return text.Append("}\n").ToString();
    }

    private static IEnumerable<string> LinesOf(PlanTask task)
    {
        yield return task.Name;
        if (task.Operation is not null)
            yield return Explanation.KindOf(task);
        var flags = string.Join(", ", Explanation.FlagsOf(task));
        if (flags.Length > 0)
            yield return $"({flags})";
    }

    // Mermaid uses entities for special characters; the hash that starts an entity is escaped first.
    private static string MermaidText(string text) => text
        .Replace("#", "#35;", StringComparison.Ordinal).Replace("\"", "#quot;", StringComparison.Ordinal)
        .Replace("<", "#lt;", StringComparison.Ordinal).Replace(">", "#gt;", StringComparison.Ordinal)
        .ReplaceLineEndings(" ");

    private static string DotText(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
        .ReplaceLineEndings(" ");
}
