namespace Osapi.Plans.Expressions;

/// <summary>Evaluates the macros over lists and the keys of maps.</summary>
internal sealed class Macros(Evaluation evaluation, Evaluator evaluator)
{
    public object Of(MacroNode node)
    {
        var target = evaluator.Of(node.Target);
        IEnumerable<object?> items = target switch
        {
            ListValue list => Enumerable.Range(0, list.Count).Select(i => evaluation.Decode(list[i])),
            MapValue map => map.Keys,
            _ => throw new ValueException($"'{node.Name}' takes a list or a map, and this is {Kinds.Of(target).Phrase}"),
        };
        return node.Name switch
        {
            "all" => Any(node, items, decisive: false),
            "exists" => Any(node, items, decisive: true),
            "exists_one" => items.Count(item => Holds(node, node.Body, item)) == 1,
            "filter" => evaluation.List([.. items.Where(item => Holds(node, node.Body, item))]),
            _ => evaluation.List([.. items.Where(item => node.Filter is null || Holds(node, node.Filter, item)).Select(item => With(node, item, () => evaluator.Of(node.Body)))]),
        };
    }

    // As with && and ||, an element that decides makes up for the errors of others.
    private bool Any(MacroNode node, IEnumerable<object?> items, bool decisive)
    {
        ExpressionException? first = null;
        foreach (var item in items)
            try
            {
                if (Holds(node, node.Body, item) == decisive)
                    return decisive;
            }
            catch (ExpressionException error) when (!error.IsLimit)
            {
                evaluator.ChargeError();
                first ??= error;
            }

        return first is null ? !decisive : throw first;
    }

    private bool Holds(MacroNode node, Node condition, object? item) => With(node, item, () => evaluator.Bool(condition, $"'{node.Name}' takes a condition"));

    private T With<T>(MacroNode node, object? item, Func<T> body)
    {
        // JSON has one kind of numbers: 5 may stand for 5.0.
        var isNumber = node.Target.Type.NotNull is ValueType.ListType(var element) && element.NotNull is ValueType.NumberType;
        evaluation.Push(node.Variable, isNumber && item is long whole ? new RawNumber(JsonValues.Text(whole), whole) : item);
        try
        {
            return body();
        }
        finally
        {
            evaluation.Pop();
        }
    }
}
