using Osapi.Plans.Expansion;
using Osapi.Plans.Expressions;
using Osapi.Plans.Values;
using Osapi.Plans.Yaml;
using ValueType = Osapi.Plans.Expressions.ValueType;

namespace Osapi.Plans.Loops;

/// <summary>Reads loops over results. Their items become known during the run; the types of the items are known before, and are checked.</summary>
internal sealed class PlanLoopReader(RunNames names, TaskReads reads)
{
    /// <summary>Returns the loop of a task, and sets the type of its items; null for a task without one, and when there are problems.</summary>
    public PlanLoop? Read(TaskHead task)
    {
        if (task.Draft is not { Loop: var (source, keyNode), Each: { } each, Scope: { } scope })
            return null;
        var before = scope.Problems.Count;
        var text = Text(task, source, each, isLoop: true);
        if (text is not null)
            each.Type = ItemType(text, source, hasKey: keyNode is not null, scope);
        var key = keyNode switch
        {
            null => null,
            YamlScalar scalar => Text(task, scalar, each, isLoop: false),
            _ => Refuse<TextExpression>(scope, keyNode, "'key' must be a text"),
        };
        if (key is not null && key.Type.NotNull is not (ValueType.TextType or ValueType.IntType or ValueType.NumberType or ValueType.AnyType))
            Refuse<object>(scope, keyNode!, $"'key' must be a text, and this is {key.Type.Phrase}");
        return scope.Problems.Count > before ? null : new(text!, source, key, keyNode as YamlScalar, new(scope, each, task.Draft.Name, task.RunsOnHosts));
    }

    private TextExpression? Text(TaskHead task, YamlScalar node, EachItem each, bool isLoop)
    {
        var scope = task.Draft.Scope;
        var (text, problems) = TextExpression.Read(node.Text, names.Of(task, scope, each, isLoop: isLoop));
        scope.Problems.AddRange(problems.Select(problem => ExpressionPosition.At(node, problem)));
        if (text is not null)
            reads.Check(task, text.Reads, scope, node);
        return text;
    }

    private static ValueType ItemType(TextExpression text, YamlScalar node, bool hasKey, PlanScope scope)
    {
        var type = text.IsWhole ? text.Type.NotNull : ValueType.Text;
        switch (type)
        {
            case ValueType.AnyType:
                return ValueType.Any;
            case ValueType.MapType(var value):
                return value;
            case ValueType.StructType { Members: var members }:
                return members.Values.Select(member => member.Type).DefaultIfEmpty(ValueType.Any).Aggregate(TypeRelations.Join);
            case ValueType.ListType(var element):
                if (!hasKey && !HasKey(element.NotNull))
                    Refuse<object>(scope, node, $"each item, {element.Phrase}, {LoopKeys.Needed}");
                return element;
            default:
                Refuse<object>(scope, node, $"'for_each' must be a list or a map, and this is {type.Phrase}");
                return ValueType.Any;
        }
    }

    private static bool HasKey(ValueType element) => element switch
    {
        ValueType.AnyType or ValueType.MapType or ValueType.TextType or ValueType.IntType or ValueType.NumberType => true,
        ValueType.StructType { Members: var members } => members.TryGetValue("name", out var name) && name.Type.NotNull is ValueType.TextType or ValueType.AnyType,
        _ => false,
    };

    private static T? Refuse<T>(PlanScope scope, YamlNode node, string message)
        where T : class
    {
        scope.Problems.Add(FileProblem.At(node.Start, message));
        return null;
    }
}
