using Osapi.Operations;

namespace Osapi.Plans.Expressions;

/// <summary>Evaluates the tree of an expression that was checked.</summary>
internal sealed class Evaluator(Evaluation evaluation)
{
    // Unwinding costs far more than a step.
    private const int ErrorSteps = 50;

    public object? Of(Node node)
    {
        try
        {
            evaluation.Budget.Charge(1);
            var value = node switch
            {
                LiteralNode literal => literal.Value,
                NameNode name => evaluation.Name(name.Name),
                MemberNode member => Member(member),
                IndexNode index => Index(Of(index.Operand), Of(index.Index)),
                HasNode has => Has(has.Member),
                CallNode { Target: null, Name: NameChecker.HostOfFunction } host => evaluation.HostOf((string)((LiteralNode)host.Arguments[0]).Value!),
                CallNode call => Functions.Call(call, [.. (call.Target is null ? call.Arguments : [call.Target, .. call.Arguments]).Select(Of)], evaluation),
                MacroNode macro => new Macros(evaluation, this).Of(macro),
                NotNode not => !Bool(not.Operand, "'!' takes a condition"),
                NegateNode negate => Negate(Of(negate.Operand)),
                BinaryNode { Op: "&&" } and => Either(and, decisive: false),
                BinaryNode { Op: "||" } or => Either(or, decisive: true),
                BinaryNode binary => Binary(binary.Op, Of(binary.Left), Of(binary.Right)),
                ConditionalNode choice => Of(Bool(choice.Condition, "'?' takes a condition") ? choice.Then : choice.Otherwise),
                ListNode list => evaluation.List([.. list.Items.Select(Of)]),
                MapNode map => Map(map),
                _ => throw new InvalidOperationException(),
            };
            // JSON has one kind of numbers: 5 may stand for 5.0.
            return value is long whole && node.Type.NotNull is ValueType.NumberType ? new RawNumber(JsonValues.Text(whole), whole) : value;
        }
        catch (ValueException failure)
        {
            var (start, end) = Place(node);
            throw new ExpressionException(start, end - start, failure.Message) { IsLimit = failure.IsLimit };
        }
    }

    /// <summary>Evaluates a condition.</summary>
    public bool Bool(Node node, string expected) =>
        Of(node) is var value && value is bool condition
            ? condition
            : throw new ExpressionException(node.Start, node.End - node.Start, $"{expected}, and this is {Kinds.Of(value).Phrase}");

    /// <summary>Charges for an error that another operand may make up for.</summary>
    public void ChargeError() => evaluation.Budget.Charge(ErrorSteps);

    private object? Member(MemberNode node)
    {
        var operand = Of(node.Operand);
        if (operand is MapValue map)
        {
            if (map.TryRead(node.Name, out var value))
                return evaluation.Decode(value);
            if (node.Found is { } member && (member.Default is not null || member.Type is ValueType.NullableType))
                return member.Default;
            throw Missing(map, node.Name);
        }

        throw new ValueException(operand is null
            ? $"this is null and has no member '{Shown(node.Name)}'"
            : $"{Kinds.Of(operand).Phrase} has no member '{Shown(node.Name)}'");
    }

    private object? Index(object? operand, object? index)
    {
        switch (operand, index)
        {
            case (ListValue list, long at):
                return at >= 0 && at < list.Count
                    ? evaluation.Decode(list[(int)at])
                    : throw new ValueException($"the list has {list.Count} elements, and none at {at}: the first is at 0");
            case (ListValue, _):
                throw new ValueException($"the index of a list is an int, and this is {Kinds.Of(index).Phrase}");
            case (MapValue map, string key):
                return map.TryRead(key, out var value) ? evaluation.Decode(value) : throw Missing(map, key);
            case (MapValue, _):
                throw new ValueException($"the key of a map is a text, and this is {Kinds.Of(index).Phrase}");
            default:
                throw new ValueException($"{Kinds.Of(operand).Phrase} has no elements");
        }
    }

    private ValueException Missing(MapValue map, string key)
    {
        if (!evaluation.ShowsValues)
            return new("the key is missing");
        var hint = key.Length > 1 ? Suggestions.Hint(Shown(key), map.Keys.Take(1000).Where(known => known.Length <= 60).Select(Shown)) : "";
        return new($"there is no '{Shown(key)}'{hint}");
    }

    private bool Has(MemberNode node) => Of(node.Operand) switch
    {
        null => false,
        MapValue map => map.TryRead(node.Name, out var value) ? value is not null || node.Found is null : node.Found?.Default is not null,
        var other => throw new ValueException($"{Kinds.Of(other).Phrase} has no members"),
    };

    private object Binary(string op, object? left, object? right) => op switch
    {
        "==" => Equality.AreEqual(left, right, evaluation),
        "!=" => !Equality.AreEqual(left, right, evaluation),
        "<" => Equality.Compare(left, right, evaluation) < 0,
        "<=" => Equality.Compare(left, right, evaluation) <= 0,
        ">" => Equality.Compare(left, right, evaluation) > 0,
        ">=" => Equality.Compare(left, right, evaluation) >= 0,
        "in" => Equality.IsIn(left, right, evaluation),
        _ => Arithmetic.Apply(op, left, right, evaluation),
    };

    // An operand that decides makes up for an error of the other, on either side.
    private bool Either(BinaryNode node, bool decisive)
    {
        var expected = $"'{node.Op}' takes two conditions";
        if (TryBool(node.Left, expected, out var failure) == decisive || TryBool(node.Right, expected, out var other) == decisive)
            return decisive;
        return (failure ?? other) is { } error ? throw error : !decisive;
    }

    private bool? TryBool(Node node, string expected, out ExpressionException? failure)
    {
        try
        {
            failure = null;
            return Bool(node, expected);
        }
        catch (ExpressionException error) when (!error.IsLimit)
        {
            ChargeError();
            failure = error;
            return null;
        }
    }

    private ItemMap Map(MapNode node)
    {
        OrderedDictionary<string, object?> entries = [];
        foreach (var (keyNode, valueNode) in node.Entries)
        {
            var key = Of(keyNode) as string ?? throw new ValueException("the keys of a map are texts");
            if (!entries.TryAdd(key, Of(valueNode)))
                throw new ValueException(evaluation.ShowsValues ? $"the key '{Shown(key)}' is there twice" : "a key is there twice");
        }

        return evaluation.Map(entries);
    }

    private static object Negate(object? value) => value switch
    {
        long.MinValue => throw new ValueException("the result of '-' does not fit into an int (64 bits)"),
        long number => -number,
        double number => -number,
        RawNumber number => -number.Value,
        TimeSpan duration => -duration,
        _ => throw new ValueException($"'-' does not take {Kinds.Of(value).Phrase}"),
    };

    private static (int Start, int End) Place(Node node) => node switch
    {
        MemberNode member => (member.NameStart, Math.Max(member.End, member.NameStart)),
        _ => (node.Start, node.End),
    };

    private static string Shown(string name) => ControlCharacters.Escape(name.Length <= 60 ? name : name[..60] + "...");
}
