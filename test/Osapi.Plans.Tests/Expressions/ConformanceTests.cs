using System.Text.Json.Nodes;
using Osapi.Plans.Expressions;

namespace Osapi.Plans.Tests.Expressions;

/// <summary>
/// The examples of the language's own conformance tests (github.com/google/cel-spec, commit 508bd98, tests/simple/testdata, Apache-2.0)
/// that need neither protocol buffers, bytes, unsigned numbers nor types as values.
/// </summary>
/// <remarks>
/// A line of conformance.jsonl has the name of the test, the expression and its value as JSON, or "!" for an error. Where this engine
/// differs on purpose, its own value follows, and the reason: unknown names and conditions of other types are found before the run; keys are texts; values of
/// kinds that can never be equal are an error; no zones; times have steps of 100 ns and a range of their own; no limits of split and replace; no names in backticks.
/// </remarks>
public sealed class ConformanceTests
{
    private static readonly ExpressionScope Scope = new() { Roots = new Dictionary<string, ExpressionRoot>() };

    [Fact]
    public void Expressions_have_the_values_of_the_specification()
    {
        List<string> differences = [];
        var count = 0;
        foreach (var line in Lines())
        {
            var fields = JsonNode.Parse(line)!.AsArray().Select(field => field!.GetValue<string>()).ToArray();
            var wanted = fields.Length > 3 ? fields[3] : fields[2];
            var value = Value(fields[1], out var reason);
            count++;
            if (wanted != value && (wanted == "!" || value == "!" || !JsonNode.DeepEquals(JsonNode.Parse(wanted), JsonNode.Parse(value))))
                differences.Add($"{fields[0]}: {fields[1]} is {value} {reason}, and not {wanted}");
        }

        Assert.Empty(differences);
        Assert.Equal(687, count);
    }

    private static string Value(string text, out string? reason)
    {
        var (expression, problems) = Expression.Read(text, Scope);
        reason = string.Join(", ", problems);
        if (expression is null)
            return "!";
        try
        {
            return expression.Evaluate(new())?.ToJsonString() ?? "null";
        }
        catch (ExpressionException failure)
        {
            reason = failure.Message;
            return "!";
        }
    }

    private static IEnumerable<string> Lines()
    {
        using StreamReader reader = new(typeof(ConformanceTests).Assembly.GetManifestResourceStream("conformance.jsonl")!);
        while (reader.ReadLine() is { } line)
            yield return line;
    }
}
