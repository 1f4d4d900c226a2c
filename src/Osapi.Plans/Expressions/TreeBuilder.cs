using Antlr4.Runtime;
using Cel.Internal;

namespace Osapi.Plans.Expressions;

/// <summary>Builds the tree of an expression from the parser's.</summary>
/// <remarks>It recurses where the text has brackets or conditionals, whose depth was checked. Everything in a row is a loop.</remarks>
internal static class TreeBuilder
{
    public static Node Of(CelParser.ExprContext context)
    {
        var condition = Or(context.e);
        return context.op is null ? condition : new ConditionalNode(condition, Or(context.e1), Of(context.e2));
    }

    private static Node Or(CelParser.ConditionalOrContext context)
    {
        var node = And(context.e);
        for (var i = 0; i < context._ops.Count; i++)
            node = new BinaryNode(node, "||", context._ops[i].StartIndex, And(context._e1[i]));
        return node;
    }

    private static Node And(CelParser.ConditionalAndContext context)
    {
        var node = Relation(context.e);
        for (var i = 0; i < context._ops.Count; i++)
            node = new BinaryNode(node, "&&", context._ops[i].StartIndex, Relation(context._e1[i]));
        return node;
    }

    private static Node Relation(CelParser.RelationContext context)
    {
        Stack<CelParser.RelationContext> spine = new();
        for (; context.op is not null; context = context.relation(0))
            spine.Push(context);
        var node = Calc(context.calc());
        while (spine.TryPop(out var next))
            node = new BinaryNode(node, next.op.Text, next.op.StartIndex, Relation(next.relation(1)));
        return node;
    }

    private static Node Calc(CelParser.CalcContext context)
    {
        Stack<CelParser.CalcContext> spine = new();
        for (; context.op is not null; context = context.calc(0))
            spine.Push(context);
        var node = Unary(context.unary());
        while (spine.TryPop(out var next))
            node = new BinaryNode(node, next.op.Text, next.op.StartIndex, Calc(next.calc(1)));
        return node;
    }

    private static Node Unary(CelParser.UnaryContext context)
    {
        switch (context)
        {
            case CelParser.LogicalNotContext not:
                return not._ops.Reverse().Aggregate(Member(not.member()), (node, op) => new NotNode(op.StartIndex, node.End, node));
            case CelParser.NegateContext negate:
                return negate._ops.Reverse().Aggregate(Member(negate.member()), (node, op) => new NegateNode(op.StartIndex, node.End, node));
            default:
                return Member(((CelParser.MemberExprContext)context).member());
        }
    }

    private static Node Member(CelParser.MemberContext context)
    {
        Stack<CelParser.MemberContext> spine = new();
        for (; context is not CelParser.PrimaryExprContext; context = Operand(context))
            spine.Push(context);
        var node = Primary(((CelParser.PrimaryExprContext)context).primary());
        while (spine.TryPop(out var next))
            node = next switch
            {
                CelParser.SelectContext select => NoOption(select.opt) ?? new MemberNode(node.Start, End(select.id), node, select.id.Text, select.id.StartIndex),
                CelParser.IndexContext index => NoOption(index.opt) ?? Index(node, Of(index.index), index.Stop),
                CelParser.MemberCallContext call => MethodCall(node, call),
                _ => throw new InvalidOperationException(),
            };
        return node;
    }

    private static CelParser.MemberContext Operand(CelParser.MemberContext context) => context switch
    {
        CelParser.SelectContext select => select.member(),
        CelParser.IndexContext index => index.member(),
        CelParser.MemberCallContext call => call.member(),
        _ => throw new InvalidOperationException(),
    };

    private static Node Index(Node operand, Node index, IToken close) => index is LiteralNode { Value: string name }
        ? new MemberNode(operand.Start, End(close), operand, name, index.Start)
        : new IndexNode(operand.Start, End(close), operand, index);

    private static Node MethodCall(Node target, CelParser.MemberCallContext call)
    {
        var name = call.id.Text;
        var arguments = Arguments(call.args);
        if (!MacroNode.Names.Contains(name))
            return new CallNode(target.Start, End(call.Stop), target, name, call.id.StartIndex, arguments);
        if (arguments is not ([NameNode, _] or [NameNode, _, _]) || (arguments.Length == 3 && name != "map"))
            throw new SyntaxException(call.id.StartIndex, name.Length, $"'{name}' takes a name and an expression, such as list.{name}(item, {(name == "map" ? "item.name" : "item > 1")})");
        return new MacroNode(target.Start, End(call.Stop), target, name, ((NameNode)arguments[0]).Name, arguments.Length == 3 ? arguments[1] : null, arguments[^1]);
    }

    private static Node Primary(CelParser.PrimaryContext context)
    {
        switch (context)
        {
            case CelParser.NestedContext nested:
                return Of(nested.e);
            case CelParser.ConstantLiteralContext constant:
                return Literal(constant.literal());
            case CelParser.CreateListContext list:
                return new ListNode(list.Start.StartIndex, End(list.Stop), [.. list.elems?._elems.Select(Item) ?? []]);
            case CelParser.CreateStructContext map:
                var entries = map.entries;
                return new MapNode(map.Start.StartIndex, End(map.Stop), [.. entries?._keys.Select((key, i) => (Item(key), Of(entries._values[i]))) ?? []]);
            case CelParser.IdentOrGlobalCallContext name:
                NoDot(name.leadingDot);
                return name.op is null ? new NameNode(name.id.StartIndex, End(name.id), name.id.Text) : Call(name);
            default:
                throw new SyntaxException(context.Start.StartIndex, End(context.Stop) - context.Start.StartIndex, "objects of named types are not known here; a map is written {'name': value}");
        }
    }

    private static Node Call(CelParser.IdentOrGlobalCallContext call)
    {
        var arguments = Arguments(call.args);
        if (call.id.Text != "has")
            return new CallNode(call.id.StartIndex, End(call.Stop), null, call.id.Text, call.id.StartIndex, arguments);
        return arguments is [MemberNode member]
            ? new HasNode(call.id.StartIndex, End(call.Stop), member)
            : throw new SyntaxException(call.id.StartIndex, End(call.Stop) - call.id.StartIndex, "'has' takes one member, such as has(vars.port)");
    }

    private static Node[] Arguments(CelParser.ExprListContext? list) => [.. list?._e.Select(Of) ?? []];

    private static Node Item(CelParser.OptExprContext item) => NoOption(item.opt) ?? Of(item.e);

    private static LiteralNode Literal(CelParser.LiteralContext context)
    {
        var (start, end) = (context.Start.StartIndex, End(context.Stop));
        return new(start, end, context switch
        {
            CelParser.IntContext number => Literals.Int(number.sign, number.tok),
            CelParser.DoubleContext number => Literals.Number(number.sign, number.tok),
            CelParser.StringContext text => Literals.Text(text.tok),
            CelParser.BoolTrueContext => true,
            CelParser.BoolFalseContext => false,
            CelParser.NullContext => null,
            CelParser.UintContext => throw new SyntaxException(start, end - start, "unsigned numbers are not known here; write the number without 'u'"),
            _ => throw new SyntaxException(start, end - start, "bytes are not known here; write the text without 'b'"),
        });
    }

    private static Node? NoOption(IToken? option) =>
        option is null ? null : throw new SyntaxException(option.StartIndex, 1, "optional members ('?') are not known here; write has(a.b) ? a.b : otherwise");

    private static void NoDot(IToken? dot)
    {
        if (dot is not null)
            throw new SyntaxException(dot.StartIndex, 1, "'.' stands where a value must begin");
    }

    private static int End(IToken token) => token.StopIndex + 1;
}
