using Fluid;
using Fluid.Ast;
using Fluid.Values;

namespace Osapi.Agent.Files.Templates;

/// <summary>Reads a value by its path and records undefined paths.</summary>
/// <remarks>The engine returns null for a missing value. A value that is null exists, but has no members.</remarks>
internal sealed class PathExpression(string root, MemberSegment[] segments, UndefinedNames undefined) : Expression
{
    public override async ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        var value = context.GetValue(root);
        if (ReferenceEquals(value, UndefinedValue.Instance))
            return Missing(root);
        var path = root;
        foreach (var segment in segments)
        {
            // The loop variable knows the path of its element.
            path = value is TemplateMembers members ? members.Path : path;
            FluidValue? next;
            if (segment is IndexerSegment indexer)
            {
                var missing = undefined.Count;
                var index = await indexer.Expression.EvaluateAsync(context);
                if (undefined.Count > missing)
                    return NilValue.Instance;
                path = TemplatePath.Element(path, index);
                next = index is StringValue name ? await MemberAsync(value, name.ToStringValue(), context) : await ElementAsync(value, index, context);
            }
            else
            {
                var name = ((IdentifierSegment)segment).Identifier;
                path = TemplatePath.Member(path, name);
                next = await MemberAsync(value, name, context);
            }

            if (next is null)
                return Missing(path);
            value = next;
        }

        return value;
    }

    private static async ValueTask<FluidValue?> MemberAsync(FluidValue value, string name, TemplateContext context) => value switch
    {
        TemplateMembers members => members.Find(name),
        ArrayValue { Values: [var first, ..] } when name == "first" => first,
        ArrayValue { Values: [.., var last] } when name == "last" => last,
        _ => NotNil(await value.GetValueAsync(name, context)),
    };

    private static async ValueTask<FluidValue?> ElementAsync(FluidValue value, FluidValue index, TemplateContext context) => value switch
    {
        TemplateMembers members => members.Find(index.ToStringValue()),
        // The engine treats a non-numeric index as 0.
        ArrayValue { Values: var elements } => index is NumberValue && index.ToNumberValue() is >= 0 and var at && at < elements.Count && decimal.IsInteger(at) ? elements[(int)at] : null,
        NumberValue when index is not NumberValue => null,
        _ => NotNil(await value.GetIndexAsync(index, context)),
    };

    private static FluidValue? NotNil(FluidValue value) => value.IsNil() ? null : value;

    private NilValue Missing(string path)
    {
        undefined.Add(path);
        return NilValue.Instance;
    }
}
