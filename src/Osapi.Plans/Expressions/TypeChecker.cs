namespace Osapi.Plans.Expressions;

/// <summary>Checks the names and types of an expression, and notes what it reads.</summary>
/// <remarks>After a problem, the type is "any", so that one mistake gives one message.</remarks>
internal sealed class TypeChecker(ExpressionScope scope)
{
    private readonly List<(string Name, ValueType Type)> variables = [];
    private readonly NameChecker names = new(scope);
    private readonly List<ExpressionProblem> problems = [];

    public IReadOnlyList<ExpressionProblem> Problems => [.. problems.OrderBy(problem => problem.Offset)];

    public ExpressionReads Reads => names.Reads;

    public ValueType Check(Node node)
    {
        try
        {
            node.Type = TypeOf(node);
        }
        catch (SyntaxException problem)
        {
            problems.Add(problem.Problem);
            node.Type = ValueType.Any;
        }

        return node.Type;
    }

    private ValueType TypeOf(Node node) => node switch
    {
        LiteralNode literal => literal.Value is string text ? ValueType.Literal(text) : Kinds.Of(literal.Value),
        NameNode name => Variable(name.Name) ?? names.Root(name),
        MemberNode member => Member(member),
        IndexNode index => Index(index),
        HasNode has => Has(has),
        CallNode call => Call(call),
        MacroNode macro => Macro(macro),
        NotNode not => Condition(not.Operand, "'!' takes a condition"),
        NegateNode negate => Negate(negate),
        BinaryNode { Op: "&&" or "||" } binary => Both(binary),
        BinaryNode binary => Binary(binary),
        ConditionalNode choice => Choice(choice),
        ListNode list => ValueType.List(list.Items.Length == 0 ? ValueType.Any : list.Items.Select(Check).Aggregate(TypeRelations.Join)),
        MapNode map => Map(map),
        _ => throw new InvalidOperationException(),
    };

    private ValueType? Variable(string name) => variables.FindLast(variable => variable.Name == name).Type;

    private ValueType Member(MemberNode node)
    {
        if (node.Operand is NameNode root && Variable(root.Name) is null)
        {
            root.Type = names.Root(root, node.Name);
            return names.Member(node, root.Type);
        }

        return names.Member(node, Check(node.Operand));
    }

    private ValueType Has(HasNode node)
    {
        Check(node.Member);
        return ValueType.Bool;
    }

    private ValueType Index(IndexNode node)
    {
        var operand = node.Operand is NameNode root && Variable(root.Name) is null ? root.Type = names.Root(root, NameChecker.Computed) : Check(node.Operand);
        var index = Check(node.Index);
        switch (operand.NotNull)
        {
            case ValueType.ListType(var element):
                return index.NotNull is ValueType.IntType or ValueType.AnyType ? element : throw At(node.Index, $"the index of a list is an int, and this is {index.Phrase}");
            case ValueType.MapType(var value):
                return index.NotNull is ValueType.TextType or ValueType.AnyType ? value : throw At(node.Index, $"the key of a map is a text, and this is {index.Phrase}");
            case ValueType.StructType(var name, _):
                throw At(node.Index, $"a member of {name} is read by its literal name, such as ['name'], so that it can be checked before the run");
            case ValueType.AnyType:
                return ValueType.Any;
            default:
                throw At(node, $"{operand.Phrase} has no elements");
        }
    }

    private ValueType Call(CallNode node)
    {
        if (node is { Target: null, Name: NameChecker.HostOfFunction })
            return names.HostOf(node);
        ValueType[] types = [.. (node.Target is null ? node.Arguments : [node.Target, .. node.Arguments]).Select(Check)];
        if (!Functions.ByName.Contains(node.Name) || Functions.Fitting(node, types).FirstOrDefault() is not { } function)
            throw new SyntaxException(node.NameStart, node.Name.Length, Functions.Problem(node, types));
        if (node.Name == Patterns.Function && (node.Target is null ? node.Arguments[1] : node.Arguments[0]) is LiteralNode { Value: string } pattern)
            Patterns.Prepare(pattern);
        return types.Any(type => type is ValueType.AnyType) && Functions.Fitting(node, types).Any(other => other.Result != function.Result) ? ValueType.Any : function.Result;
    }

    private ValueType Macro(MacroNode node)
    {
        if (scope.Roots.ContainsKey(node.Variable))
            throw At(node, $"'{node.Variable}' is a name already; the items of '{node.Name}' need another");
        var target = Check(node.Target);
        ValueType element = target.NotNull switch
        {
            ValueType.ListType(var type) => type,
            ValueType.MapType or ValueType.StructType => ValueType.Text,
            ValueType.AnyType => ValueType.Any,
            _ => throw At(node.Target, $"'{node.Name}' takes a list or a map, and this is {target.Phrase}"),
        };
        variables.Add((node.Variable, element));
        if (node.Filter is not null)
            Condition(node.Filter, $"'{node.Name}' takes a condition");
        var body = node.Name == "map" ? Check(node.Body) : Condition(node.Body, $"'{node.Name}' takes a condition");
        variables.RemoveAt(variables.Count - 1);
        return node.Name switch
        {
            "map" => ValueType.List(body),
            "filter" => ValueType.List(element),
            _ => ValueType.Bool,
        };
    }

    private ValueType Condition(Node node, string expected)
    {
        var type = Check(node);
        if (type.NotNull is not (ValueType.BoolType or ValueType.AnyType))
            problems.Add(At(node, $"{expected}, and this is {type.Phrase}{Hint(type)}").Problem);
        return ValueType.Bool;

        static string Hint(ValueType type) => type switch
        {
            ValueType.TextType or ValueType.ListType or ValueType.MapType => "; write size(..) > 0 for one that is not empty",
            ValueType.IntType => "; write .. != 0",
            _ => "",
        };
    }

    private ValueType Both(BinaryNode node)
    {
        Condition(node.Left, $"'{node.Op}' takes two conditions");
        return Condition(node.Right, $"'{node.Op}' takes two conditions");
    }

    private ValueType Negate(NegateNode node) => Check(node.Operand).NotNull is var type && type.IsNumeric || type is ValueType.AnyType or ValueType.DurationType
        ? type
        : throw At(node, $"'-' does not take {type.Phrase}");

    private ValueType Choice(ConditionalNode node)
    {
        Condition(node.Condition, "'?' takes a condition");
        return TypeRelations.Join(Check(node.Then), Check(node.Otherwise));
    }

    private ValueType.MapType Map(MapNode node)
    {
        List<ValueType> values = [];
        foreach (var (key, value) in node.Entries)
        {
            if (Check(key).NotNull is not (ValueType.TextType or ValueType.AnyType))
                problems.Add(At(key, $"the keys of a map are texts, and this is {key.Type.Phrase}").Problem);
            values.Add(Check(value));
        }

        return (ValueType.MapType)ValueType.Map(values.Count == 0 ? ValueType.Any : values.Aggregate(TypeRelations.Join));
    }

    private ValueType Binary(BinaryNode node)
    {
        var before = problems.Count;
        var (left, right) = (Check(node.Left), Check(node.Right));
        // A mistake below is told there.
        if (problems.Count > before && (left is ValueType.AnyType || right is ValueType.AnyType))
            return node.Op is "+" or "-" or "*" or "/" or "%" ? ValueType.Any : ValueType.Bool;
        if (node is { Op: "in", Right: ListNode { Items: { Length: > 0 } items } })
        {
            foreach (var item in items)
                if (OperatorTypes.Element(left, item.Type) is { } never)
                    problems.Add(At(item, never).Problem);
            return ValueType.Bool;
        }

        if (OperatorTypes.Of(node, left, right) is var (type, problem) && problem is null)
            return type;
        throw new SyntaxException(node.OpStart, node.Op.Length, problem);
    }

    private static SyntaxException At(Node node, string message) => new(node.Start, node.End - node.Start, message);
}
