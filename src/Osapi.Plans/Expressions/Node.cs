namespace Osapi.Plans.Expressions;

/// <summary>A node of the tree of an expression.</summary>
/// <param name="start">The position in the text.</param>
/// <param name="end">The position after the node.</param>
/// <param name="children">The nodes below, for the height.</param>
internal abstract class Node(int start, int end, params ReadOnlySpan<Node?> children)
{
    public int Start { get; } = start;

    public int End { get; } = end;

    /// <summary>Gets the number of nodes on the longest way down.</summary>
    public int Height { get; } = HeightOf(children);

    /// <summary>Gets or sets the type that the check found.</summary>
    public ValueType Type { get; set; } = ValueType.Any;

    private static int HeightOf(ReadOnlySpan<Node?> children)
    {
        var height = 0;
        foreach (var child in children)
            height = Math.Max(height, child?.Height ?? 0);
        return height + 1;
    }
}

/// <summary>A null, bool, long, double or string.</summary>
internal sealed class LiteralNode(int start, int end, object? value) : Node(start, end)
{
    public object? Value { get; } = value;
}

internal sealed class NameNode(int start, int end, string name) : Node(start, end)
{
    public string Name { get; } = name;
}

/// <summary>A member by its name: <c>a.b</c>, or <c>a['b']</c> with a literal.</summary>
internal sealed class MemberNode(int start, int end, Node operand, string name, int nameStart) : Node(start, end, operand)
{
    public Node Operand { get; } = operand;

    public string Name { get; } = name;

    public int NameStart { get; } = nameStart;

    /// <summary>Gets or sets the member of an object that the check found; null in a map.</summary>
    public StructMember? Found { get; set; }
}

internal sealed class IndexNode(int start, int end, Node operand, Node index) : Node(start, end, operand, index)
{
    public Node Operand { get; } = operand;

    public Node Index { get; } = index;
}

internal sealed class HasNode(int start, int end, MemberNode member) : Node(start, end, member)
{
    public MemberNode Member { get; } = member;
}

/// <summary>A call of a function; with a target, of a method.</summary>
internal sealed class CallNode(int start, int end, Node? target, string name, int nameStart, Node[] arguments) : Node(start, end, [target, .. arguments])
{
    public Node? Target { get; } = target;

    public string Name { get; } = name;

    public int NameStart { get; } = nameStart;

    public Node[] Arguments { get; } = arguments;
}

/// <summary>A macro over a list or the keys of a map, such as <c>list.all(x, x > 1)</c>.</summary>
internal sealed class MacroNode(int start, int end, Node target, string name, string variable, Node? filter, Node body) : Node(start, end, target, filter, body)
{
    public static IReadOnlyList<string> Names { get; } = ["all", "exists", "exists_one", "map", "filter"];

    public Node Target { get; } = target;

    public string Name { get; } = name;

    public string Variable { get; } = variable;

    public Node? Filter { get; } = filter;

    public Node Body { get; } = body;
}

internal sealed class NotNode(int start, int end, Node operand) : Node(start, end, operand)
{
    public Node Operand { get; } = operand;
}

internal sealed class NegateNode(int start, int end, Node operand) : Node(start, end, operand)
{
    public Node Operand { get; } = operand;
}

internal sealed class BinaryNode(Node left, string op, int opStart, Node right) : Node(left.Start, right.End, left, right)
{
    public Node Left { get; } = left;

    public string Op { get; } = op;

    public int OpStart { get; } = opStart;

    public Node Right { get; } = right;
}

internal sealed class ConditionalNode(Node condition, Node then, Node otherwise) : Node(condition.Start, otherwise.End, condition, then, otherwise)
{
    public Node Condition { get; } = condition;

    public Node Then { get; } = then;

    public Node Otherwise { get; } = otherwise;
}

internal sealed class ListNode(int start, int end, Node[] items) : Node(start, end, [.. items])
{
    public Node[] Items { get; } = items;
}

internal sealed class MapNode(int start, int end, (Node Key, Node Value)[] entries) : Node(start, end, [.. entries.Select(entry => entry.Key), .. entries.Select(entry => entry.Value)])
{
    public (Node Key, Node Value)[] Entries { get; } = entries;
}
