using System.Text.Json.Nodes;

namespace Osapi.Plans.Tests.Expressions;

/// <summary>The examples of docs/expressions.md.</summary>
public sealed class ExpressionPageTests
{
    [Fact]
    public void Examples_have_the_values_that_the_page_tells()
    {
        using StreamReader page = new(typeof(ExpressionPageTests).Assembly.GetManifestResourceStream("expressions.md")!);
        var rows = page.ReadToEnd().Split("## Examples")[1].Split("\n## ")[0].Split('\n')
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line[1..^1].Replace(@"\|", "\u0001", StringComparison.Ordinal).Split('|'))
            .ToList();

        Assert.True(rows.Count >= 30);
        foreach (var row in rows)
            foreach (var (expression, value) in Texts(row[0]).Zip(Texts(row[1])))
                Assert.True(JsonNode.DeepEquals(JsonNode.Parse(value), JsonNode.Parse(Sample.Json(expression))), $"{expression} is {Sample.Json(expression)}");
    }

    // One in backticks, or two with 'and' between them.
    private static IEnumerable<string> Texts(string cell) =>
        cell.Replace('\u0001', '|').Split("`, and `").Select(text => text.Trim().Trim('`'));
}
