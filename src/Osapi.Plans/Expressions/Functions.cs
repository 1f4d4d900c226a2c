using Osapi.Operations;

namespace Osapi.Plans.Expressions;

/// <summary>The functions of expressions.</summary>
internal static class Functions
{
    private static readonly ValueType AnyList = ValueType.List(ValueType.Any);
    private static readonly ValueType AnyMap = ValueType.Map(ValueType.Any);
    private static readonly ValueType Texts = ValueType.List(ValueType.Text);

    /// <summary>Gets all overloads.</summary>
    public static IReadOnlyList<Function> All { get; } =
    [
        .. Both("size", [ValueType.Text], ValueType.Int, (args, evaluation) => TextFunctions.Size((string)args[0]!, evaluation)),
        .. Both("size", [AnyList], ValueType.Int, (args, _) => (long)((ListValue)args[0]!).Count),
        .. Both("size", [AnyMap], ValueType.Int, (args, _) => (long)((MapValue)args[0]!).Keys.Count),
        Method("contains", [ValueType.Text, ValueType.Text], ValueType.Bool, (args, evaluation) => TextFunctions.Contains((string)args[0]!, (string)args[1]!, evaluation)),
        Method("startsWith", [ValueType.Text, ValueType.Text], ValueType.Bool, (args, evaluation) => TextFunctions.StartsWith((string)args[0]!, (string)args[1]!, evaluation)),
        Method("endsWith", [ValueType.Text, ValueType.Text], ValueType.Bool, (args, evaluation) => TextFunctions.EndsWith((string)args[0]!, (string)args[1]!, evaluation)),
        .. Both(Patterns.Function, [ValueType.Text, ValueType.Text], ValueType.Bool, (args, evaluation) => Patterns.Matches((string)args[0]!, (string)args[1]!, evaluation)),
        Method("trim", [ValueType.Text], ValueType.Text, (args, evaluation) => TextFunctions.New(((string)args[0]!).Trim(), evaluation)),
        Method("lowerAscii", [ValueType.Text], ValueType.Text, (args, evaluation) => TextFunctions.Lower((string)args[0]!, evaluation)),
        Method("upperAscii", [ValueType.Text], ValueType.Text, (args, evaluation) => TextFunctions.Upper((string)args[0]!, evaluation)),
        Method("replace", [ValueType.Text, ValueType.Text, ValueType.Text], ValueType.Text, (args, evaluation) => TextFunctions.Replace((string)args[0]!, (string)args[1]!, (string)args[2]!, evaluation)),
        Method("split", [ValueType.Text, ValueType.Text], Texts, (args, evaluation) => TextFunctions.Split((string)args[0]!, (string)args[1]!, evaluation)),
        Method("join", [Texts], ValueType.Text, (args, evaluation) => TextFunctions.Join((ListValue)args[0]!, "", evaluation)),
        Method("join", [Texts, ValueType.Text], ValueType.Text, (args, evaluation) => TextFunctions.Join((ListValue)args[0]!, (string)args[1]!, evaluation)),
        .. Conversions.All,
        .. Times.Parts,
    ];

    /// <summary>Gets the functions by name.</summary>
    public static ILookup<string, Function> ByName { get; } = All.ToLookup(function => function.Name);

    /// <summary>Calls the overload for the values.</summary>
    /// <exception cref="ValueException">No overload takes them, or the function failed.</exception>
    public static object? Call(CallNode node, object?[] arguments, Evaluation evaluation)
    {
        foreach (var function in ByName[node.Name])
            if (function.IsMethod == node.Target is not null && function.Parameters.Length == arguments.Length
                && function.Parameters.Zip(arguments).All(pair => TypeRelations.Accepts(pair.First, Kinds.Of(pair.Second))))
                return function.Apply(arguments, evaluation);
        throw new ValueException(Problem(node, [.. arguments.Select(Kinds.Of)]));
    }

    /// <summary>Returns the overloads that a call can mean.</summary>
    public static IEnumerable<Function> Fitting(CallNode node, ValueType[] types) => ByName[node.Name]
        .Where(function => function.IsMethod == node.Target is not null && function.Parameters.Length == types.Length
            && function.Parameters.Zip(types).All(pair => TypeRelations.Accepts(pair.First, pair.Second)));

    /// <summary>Returns the message for a call that no overload takes.</summary>
    public static string Problem(CallNode node, ValueType[] types)
    {
        var name = ControlCharacters.Escape(node.Name);
        if (!ByName.Contains(node.Name))
            return MacroNode.Names.Contains(node.Name)
                ? $"'{name}' is written behind a list: list.{name}(item, {(name == "map" ? "item.name" : "item > 1")})"
                : $"there is no function '{name}'{Suggestions.Hint(name, All.Select(function => function.Name).Concat(MacroNode.Names).Append("has").Distinct())}";
        var usages = string.Join(", ", ByName[node.Name].Where(function => function.IsMethod || !ByName[node.Name].Any(other => other.IsMethod)).Select(function => function.Usage));
        return types.Length == 0 ? $"'{name}' is written {usages}" : $"'{name}' is written {usages}, and not with {string.Join(" and ", types.Select(type => type.Phrase))}";
    }

    public static Function Method(string name, ValueType[] parameters, ValueType result, Func<object?[], Evaluation, object?> apply) => new(name, true, parameters, result, apply);

    private static Function[] Both(string name, ValueType[] parameters, ValueType result, Func<object?[], Evaluation, object?> apply) =>
        [Method(name, parameters, result, apply), new(name, false, parameters, result, apply)];
}
