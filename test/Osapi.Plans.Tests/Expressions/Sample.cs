using System.Text.Json.Nodes;
using Osapi.Operations.Command;
using Osapi.Plans.Expressions;
using ValueType = Osapi.Plans.Expressions.ValueType;

namespace Osapi.Plans.Tests.Expressions;

/// <summary>The names that the tests read, with values.</summary>
internal static class Sample
{
    private const string Answers = """
        {
          "probe": { "changed": true, "stdout": "Debian 12\n", "stderr": "", "exit_code": 0, "duration_ms": 12, "status": "changed" },
          "x-1": { "changed": false, "stdout": "", "stderr": "", "exit_code": 3, "duration_ms": 1, "status": "unchanged" },
          "install": { "nginx": { "changed": true }, "curl": { "changed": false } }
        }
        """;

    private const string Vars = """
        {
          "env": "prod", "port": 8080, "share": 5, "debug": false, "sites": ["a", "b", "c"], "ports": [80, 443], "limits": { "cpu": 2, "mem": 4 },
          "anything": { "n": 1, "t": "1", "f": 1.5, "list": [1, "a", null], "nothing": null, "big": 18446744073709551615, "exact": 0.10000000000000000001 }, "names": {}, "role": "web",
          "started": "2026-01-31T08:00:00Z", "owner": null
        }
        """;

    public static ExpressionScope Scope { get; } = new()
    {
        Roots = new Dictionary<string, ExpressionRoot>
        {
            ["vars"] = new(ValueType.Struct("vars", Members(new()
            {
                ["env"] = ValueType.OneOf(["prod", "stage"]),
                ["port"] = ValueType.Int,
                ["share"] = ValueType.Number,
                ["debug"] = ValueType.Bool,
                ["sites"] = ValueType.List(ValueType.Text),
                ["ports"] = ValueType.List(ValueType.Int),
                ["limits"] = ValueType.Map(ValueType.Int),
                ["names"] = ValueType.Map(ValueType.Text),
                ["anything"] = ValueType.Any,
                ["role"] = ValueType.Text,
                ["started"] = ValueType.Text,
                ["owner"] = ValueType.Text.OrNull,
            })))
            { IsKnownBeforeRun = true },
            ["results"] = new(ValueType.Struct("results", new Dictionary<string, StructMember>
            {
                ["probe"] = new(Answer("probe")),
                ["x-1"] = new(Answer("x-1")),
                ["install"] = new(ValueType.Map(ValueType.Struct("the result of 'install'", Members(new() { ["changed"] = ValueType.Bool })))),
            }))
            { NamesTasks = true },
            ["secrets"] = new(ValueType.Struct("secrets", Members(new() { ["token"] = ValueType.Text }))) { IsSecret = true, IsKnownBeforeRun = true },
            ["host"] = new(ValueType.Text) { LooksAtHost = true },
            ["env"] = new(ValueType.Map(ValueType.Text)) { IsKnownBeforeRun = true },
            ["each"] = new(ValueType.Any) { Refusal = "'each' is only there in a task with 'for_each'" },
        },
        HostOf = new Dictionary<string, string?> { ["probe"] = null, ["install"] = "'install' runs on several hosts" },
    };

    public static ExpressionValues Values() => new ExpressionValues(static task => task == "probe" ? "web-01" : throw new ValueException("no host"))
        .Add("vars", static () => JsonNode.Parse(Vars))
        .Add("results", static () => JsonNode.Parse(Answers))
        .Add("secrets", static () => JsonNode.Parse("""{"token": "hunter2"}"""))
        .Add("host", static () => JsonValue.Create("web-01"))
        .Add("env", static () => JsonNode.Parse("""{"HOME": "/root"}"""));

    public static Expression Read(string text)
    {
        var (expression, problems) = Expression.Read(text, Scope);
        return expression ?? throw new InvalidOperationException(string.Join("\n", problems));
    }

    /// <summary>Evaluates an expression and returns its JSON.</summary>
    public static string Json(string text) => Read(text).Evaluate(Values())?.ToJsonString() ?? "null";

    /// <summary>Returns the problems of an expression.</summary>
    public static string Problems(string text) => string.Join("\n", Expression.Read(text, Scope).Problems);

    /// <summary>Returns the failure of an expression that is without problems.</summary>
    public static string Failure(string text)
    {
        var failure = Assert.Throws<ExpressionException>(() => Read(text).Evaluate(Values()));
        return $"{failure.Offset}+{failure.Length}: {failure.Message}";
    }

    private static ValueType Answer(string task)
    {
        var result = (ValueType.StructType)ContractTypes.Of(CommandOperations.Shell.Result, $"the result of '{task}'");
        Dictionary<string, StructMember> members = new(result.Members) { ["status"] = new(ValueType.OneOf(["changed", "unchanged", "failed"])) };
        foreach (var name in members.Keys)
            members[name] = members[name] with { LooksAtHost = true };
        return ValueType.Struct($"the result of '{task}'", members);
    }

    private static Dictionary<string, StructMember> Members(Dictionary<string, ValueType> types) => types.ToDictionary(type => type.Key, type => new StructMember(type.Value));
}
