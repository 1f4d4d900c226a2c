using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using Fluid;
using Fluid.Values;

namespace Osapi.Agent.Files.Templates;

/// <summary>
/// A JSON object as a template value with its path. A member takes precedence over the size that every collection has;
/// printed, the value is JSON.
/// </summary>
/// <param name="members">The object.</param>
/// <param name="path">The path, as a template writes it.</param>
/// <param name="alias">An additional name for one of the members.</param>
internal sealed class TemplateMembers(JsonObject members, string path, (string Name, string Member)? alias = null) : FluidValue
{
    // A list is converted once, however often it is read.
    private readonly Dictionary<string, FluidValue> values = new(StringComparer.Ordinal);

    public string Path => path;

    public int Count => members.Count;

    public override FluidValues Type => FluidValues.Dictionary;

    public override bool Equals(FluidValue? other) => other is TemplateMembers same && JsonNode.DeepEquals(members, same.ToObjectValue() as JsonObject);

    public override bool Equals(object? other) => other is FluidValue value && Equals(value);

    public override int GetHashCode() => members.Count;

    public override bool ToBooleanValue() => true;

    public override decimal ToNumberValue() => 0;

    public override string ToStringValue() => members.ToJsonString();

    public override object ToObjectValue() => members;

    public override bool Contains(FluidValue value) => members.ContainsKey(value.ToStringValue()) || value.ToStringValue() == alias?.Name;

    /// <summary>Finds a member; null when there is none. A JSON null is a value.</summary>
    public FluidValue? Find(string name)
    {
        if (values.TryGetValue(name, out var known))
            return known;
        if (members.TryGetPropertyValue(name, out var member))
            return values[name] = TemplateValues.Of(member, TemplatePath.Member(path, name));
        if (name == alias?.Name && members.TryGetPropertyValue(alias.Value.Member, out var aliased))
            return values[name] = TemplateValues.Of(aliased, TemplatePath.Member(path, name));
        return name == "size" ? NumberValue.Create(members.Count) : null;
    }

    public override ValueTask<FluidValue> GetValueAsync(string name, TemplateContext context) => new(Find(name) ?? NilValue.Instance);

    public override ValueTask<FluidValue> GetIndexAsync(FluidValue index, TemplateContext context) => GetValueAsync(index.ToStringValue(), context);

    public override IEnumerable<FluidValue> Enumerate(TemplateContext context) =>
        members.Select(member => new ArrayValue([new StringValue(member.Key), Find(member.Key) ?? NilValue.Instance]));

    public override ValueTask WriteToAsync(TextWriter writer, TextEncoder encoder, CultureInfo cultureInfo) => new(writer.WriteAsync(ToStringValue()));
}
