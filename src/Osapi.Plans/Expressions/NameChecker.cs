using Osapi.Operations;

namespace Osapi.Plans.Expressions;

/// <summary>Resolves the names of an expression, and notes what they read.</summary>
internal sealed class NameChecker(ExpressionScope scope)
{
    /// <summary>The name of a member that is computed.</summary>
    public const string Computed = "\0";

    public const string HostOfFunction = "host_of";

    public ExpressionReads Reads { get; } = new();

    /// <summary>Returns the type of a root.</summary>
    /// <param name="node">The name.</param>
    /// <param name="member">The member that is read of it; <see cref="Computed"/> for a computed one, null for the root itself.</param>
    public ValueType Root(NameNode node, string? member = null)
    {
        if (!scope.Roots.TryGetValue(node.Name, out var root))
            throw new SyntaxException(node.Start, node.Name.Length, Unknown(node.Name));
        if (root.Refusal is not null)
            throw new SyntaxException(node.Start, node.Name.Length, root.Refusal);
        if (root.NamesTasks || root.IsSecret)
        {
            var kind = root.NamesTasks ? "task" : "secret";
            var form = $"{node.Name}.NAME or {node.Name}['NAME']";
            if (member is null)
                throw new SyntaxException(node.Start, node.Name.Length, $"'{node.Name}' is read by the name of a {kind}: {form}");
            if (member == Computed)
                throw new SyntaxException(node.Start, node.Name.Length, $"the name of a {kind} must be literal: {form}; what is read is checked before the run");
            if (root.Type is ValueType.StructType known && known.Members.ContainsKey(member))
                (root.NamesTasks ? Reads.Tasks : Reads.Secrets).Add(member);
        }

        if (root.IsEnvironment && member is not (null or Computed))
            Reads.Environment.Add(member);
        else if (root.IsEnvironment)
            Reads.ReadsAnyEnvironment = true;
        Reads.Roots.Add(node.Name);
        Reads.LooksAtHost |= root.LooksAtHost;
        Reads.IsKnownBeforeRun &= root.IsKnownBeforeRun;
        return root.Type;
    }

    /// <summary>Returns the type of a member.</summary>
    public ValueType Member(MemberNode node, ValueType operand)
    {
        switch (operand.NotNull)
        {
            case ValueType.StructType type:
                if (!type.Members.TryGetValue(node.Name, out var member))
                    throw At(node, UnknownMember(node, type));
                if (member.Refusal is not null)
                    throw At(node, member.Refusal);
                node.Found = member;
                Reads.LooksAtHost |= member.LooksAtHost;
                return member.Type;
            case ValueType.MapType(var value):
                return value;
            case ValueType.AnyType:
                return ValueType.Any;
            case ValueType.ListType:
                throw At(node, $"a list has no member '{Shown(node.Name)}'; an element is read as [0], and all of them with .map(item, item.{(IsWord(node.Name) ? node.Name : "name")})");
            case var other when Functions.ByName[node.Name].Any(function => function.IsMethod):
                throw At(node, $"{other.Phrase} has no member '{Shown(node.Name)}'; the method is called with brackets: .{Shown(node.Name)}(..)");
            default:
                throw At(node, $"{operand.Phrase} has no members");
        }
    }

    /// <summary>Returns the type of <c>host_of</c>, which reads the host of a task.</summary>
    public ValueType HostOf(CallNode node)
    {
        if (node.Arguments is not [LiteralNode { Value: string task } argument])
            throw new SyntaxException(node.Start, node.End - node.Start, "'host_of' takes the literal name of a task: host_of('NAME')");
        if (!scope.HostOf.TryGetValue(task, out var refusal))
            throw new SyntaxException(argument.Start, argument.End - argument.Start, $"there is no task '{Shown(task)}'{Suggestions.Hint(Shown(task), scope.HostOf.Keys)}");
        if (refusal is not null)
            throw new SyntaxException(argument.Start, argument.End - argument.Start, refusal);
        Reads.Tasks.Add(task);
        Reads.IsKnownBeforeRun = false;
        return ValueType.Text;
    }

    // As playbooks of Ansible call them.
    private static readonly Dictionary<string, string> NamesElsewhere = new()
    {
        ["item"] = "each.value",
        ["inventory_hostname"] = "host",
        ["ansible_facts"] = "facts",
        ["ansible_hostname"] = "facts.hostname",
    };

    private string Unknown(string name)
    {
        // The name of a variable or a task without its root.
        foreach (var (rootName, root) in scope.Roots)
            if (root.Refusal is null && root.Type is ValueType.StructType type && type.Members.ContainsKey(name))
                return $"there is no '{name}'; did you mean '{rootName}.{name}'?";
        if (NamesElsewhere.TryGetValue(name, out var own))
            return $"there is no '{name}'; did you mean '{own}'?";
        return $"there is no '{name}'{Suggestions.Hint(name, scope.Roots.Keys)} (known: {string.Join(", ", scope.Roots.Keys.Order(StringComparer.Ordinal))})";
    }

    private string UnknownMember(MemberNode node, ValueType.StructType type)
    {
        var name = Shown(node.Name);
        var what = node.Operand is NameNode root && scope.Roots.TryGetValue(root.Name, out var found)
            ? found.NamesTasks ? $"there is no task '{name}'" : found.IsSecret ? $"there is no secret '{name}'" : $"there is no '{name}' in {root.Name}"
            : $"{type.Name} has no member '{name}'";
        // 'results.x-1' is a subtraction.
        if (type.Members.Keys.FirstOrDefault(known => known.Length > node.Name.Length && known.StartsWith(node.Name, StringComparison.Ordinal) && !IsWord(known)) is { } whole)
            return $"{what}; a name that is no plain word is written ['{Shown(whole)}']";
        var hint = node.Name.Length > 1 ? Suggestions.Hint(node.Name, type.Members.Keys) : "";
        var known = type.Members.Count == 0 ? " (there are none)"
            : type.Members.Count <= 20 ? $" (known: {string.Join(", ", type.Members.Keys.Select(Shown).Order(StringComparer.Ordinal))})" : "";
        return what + hint + known;
    }

    private static SyntaxException At(MemberNode node, string message) => new(node.NameStart, node.End - node.NameStart, message);

    private static bool IsWord(string name) => name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');

    private static string Shown(string name) => ControlCharacters.Escape(name.Length <= 60 ? name : name[..60] + "...");
}
