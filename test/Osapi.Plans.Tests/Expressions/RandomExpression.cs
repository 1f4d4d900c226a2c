using System.Globalization;
using System.Text.Json.Nodes;
using Osapi.Plans.Expressions;
using ValueType = Osapi.Plans.Expressions.ValueType;

namespace Osapi.Plans.Tests.Expressions;

/// <summary>Makes random expressions: of the grammar, and texts that were once expressions.</summary>
internal sealed class RandomExpression(Random random)
{
    private static readonly string[] Atoms =
    [
        "1", "0", "-1", "9223372036854775807", "-9223372036854775808", "0x7f", "1.5", "1e308", "-0.0", "true", "false", "null", "''", "'a'", "\"b\\n\"", "r'\\d'", "'''x'''", "[]", "{}",
        "vars.env", "vars.port", "vars.share", "vars.sites", "vars.ports", "vars.limits", "vars.anything", "vars.anything.list", "vars.started", "vars.owner", "results.probe.stdout", "results['x-1'].changed",
        "results.probe", "results.install['nginx']", "host", "env.HOME", "secrets.token", "big", "long", "half", "x", "y", "host_of('probe')",
    ];

    private static readonly string[] Operators = ["+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||", "in"];
    private static readonly string[] Pieces =
    [
        "(", ")", "[", "]", "{", "}", ".", ",", "?", ":", "'", "\"", "'''", "\\", "r'", "b'", "//", "\n", "\0", "\u001b", "é", "\U0001f600", "\ud800", "${{", "}}", "$${{", "=", "&", "|", "!", "-", "in", "has(", ".map(x,", ".size()",
        "u", "1e999", "0x", "@", "#", "`", "and", "not",
    ];

    private static readonly string Long = new('a', 100_000);

    private static ExpressionScope Scope { get; } = new()
    {
        HostOf = Sample.Scope.HostOf,
        Roots = new Dictionary<string, ExpressionRoot>(Sample.Scope.Roots)
        {
            ["big"] = new(ValueType.List(ValueType.Text)),
            ["long"] = new(ValueType.Text),
            ["half"] = new(ValueType.Text),
        },
    };

    private static readonly JsonArray Big = [.. Enumerable.Range(0, 3000).Select(i => JsonValue.Create(i.ToString(CultureInfo.InvariantCulture)))];

    /// <summary>Reads and evaluates a text as an expression, as a text and as a line of a shell; returns how it ended.</summary>
    public static string Run(string text)
    {
        var values = Sample.Values().Add("big", () => Big).Add("long", () => JsonValue.Create(Long)).Add("half", () => JsonValue.Create(Long[..50_000]));
        foreach (var form in Enum.GetValues<TextForm>())
            _ = Ended(() => TextExpression.Read(text, Scope, form) is var (read, problems) && read is not null ? read.Evaluate(values)?.ToJsonString() : Problems(problems, text));
        return Ended(() => Expression.Read(text, Scope) is var (read, problems) && read is not null ? read.Evaluate(values)?.ToJsonString() : Problems(problems, text));
    }

    /// <summary>Returns an expression of the grammar, mostly without sense.</summary>
    public string Any(int depth)
    {
        if (depth == 0 || random.Next(6) == 0)
            return Pick(Atoms);
        string Next() => Any(depth - 1);
        return random.Next(14) switch
        {
            0 => $"({Next()})",
            1 => $"!{Next()}",
            2 => $"-{Next()}",
            3 => $"{Next()} ? {Next()} : {Next()}",
            4 => $"[{Next()}, {Next()}]",
            5 => $"{{'k': {Next()}, {Next()}: {Next()}}}",
            6 => $"{Next()}[{Next()}]",
            7 => $"{Next()}.{Pick(["changed", "n", "size", "nginx", "stdout", "nothing"])}",
            8 => $"{Next()}.{Pick(MacroNode.Names)}({Pick(["x", "y"])}, {Next()})",
            9 => $"{Next()}.map(x, {Next()}, {Next()})",
            10 => Call(Pick(Functions.All), Next),
            11 => $"has({Next()}.{Pick(["n", "nginx", "stdout"])})",
            _ => $"{Next()} {Pick(Operators)} {Next()}",
        };
    }

    /// <summary>Returns an expression in which characters were removed, repeated, exchanged and put in.</summary>
    public string Mutated()
    {
        var text = Any(random.Next(1, 7));
        for (var i = random.Next(1, 6); i > 0; i--)
        {
            var at = random.Next(text.Length + 1);
            var end = Math.Min(text.Length, at + random.Next(1, 12));
            text = random.Next(5) switch
            {
                0 => text[..at] + text[end..],
                1 => text.Insert(at, Pick(Pieces)),
                2 => text.Insert(at, string.Concat(Enumerable.Repeat(text[at..end], random.Next(1, 200)))),
                3 => text.Insert(at, string.Concat(Enumerable.Repeat(Pick(Pieces), random.Next(1, 100)))),
                _ => text.Insert(at, ((char)random.Next(0x10000)).ToString()),
            };
        }

        return text;
    }

    /// <summary>Returns a text with expressions in it.</summary>
    public string Text() => string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => random.Next(3) switch
    {
        0 => Pick(Pieces),
        1 => "${{ " + Any(2) + " }}",
        _ => Mutated(),
    }));

    private string Call(Function function, Func<string> next)
    {
        var arguments = function.Parameters.Select(parameter => random.Next(3) == 0 ? next() : Fitting(parameter)).ToList();
        return function.IsMethod ? $"{arguments[0]}.{function.Name}({string.Join(", ", arguments.Skip(1))})" : $"{function.Name}({string.Join(", ", arguments)})";
    }

    private string Fitting(ValueType type) => type switch
    {
        ValueType.TextType => Pick(["vars.env", "'a'", "results.probe.stdout", "long", "'(a|b)*'", "'12'", "vars.started", "'1h'", "string(vars.port)"]),
        ValueType.ListType => Pick(["vars.sites", "big", "['a', 'b']", "big.map(x, x + x)", "big.filter(y, y > '5')"]),
        ValueType.IntType => Pick(["vars.port", "3"]),
        ValueType.TimestampType => "timestamp(vars.started)",
        ValueType.DurationType => "duration('90s')",
        _ => Pick(Atoms),
    };

    private T Pick<T>(IReadOnlyList<T> items) => items[random.Next(items.Count)];

    private static string Problems(IReadOnlyList<ExpressionProblem> problems, string text)
    {
        Assert.NotEmpty(problems);
        Assert.All(problems, problem => Assert.True(problem.Offset >= 0 && problem.Length >= 0 && problem.Offset + problem.Length <= text.Length, $"{problem} in {text}"));
        return string.Join(" / ", problems);
    }

    private static string Ended(Func<string?> run)
    {
        try
        {
            // JSON escapes control characters.
            return run() ?? "null";
        }
        catch (ExpressionException failure)
        {
            return failure.Message;
        }
    }
}
