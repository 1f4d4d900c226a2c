using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using Fluid;
using Fluid.Values;

namespace Osapi.Agent.Files.Templates;

/// <summary>
/// A JSON object as a value of a template, which takes note of being asked for a member that is not there. A member goes
/// before the size that every collection has; printed, it is JSON.
/// </summary>
internal sealed class Members(JsonObject members, string path, UndefinedNames undefined) : FluidValue
{
    public override FluidValues Type => FluidValues.Dictionary;

    public override bool Equals(FluidValue? other) => other is Members same && JsonNode.DeepEquals(members, same.ToObjectValue() as JsonObject);

    public override bool Equals(object? other) => other is FluidValue value && Equals(value);

    public override int GetHashCode() => members.Count;

    public override bool ToBooleanValue() => true;

    public override decimal ToNumberValue() => 0;

    public override string ToStringValue() => members.ToJsonString();

    public override object ToObjectValue() => members;

    public override bool Contains(FluidValue value) => members.ContainsKey(value.ToStringValue());

    public override ValueTask<FluidValue> GetValueAsync(string name, TemplateContext context)
    {
        if (members.TryGetPropertyValue(name, out var member))
        {
            if (member is null)
                undefined.NullWasRead = true;
            return new(TemplateValues.Of(member, $"{path}.{name}", undefined));
        }

        if (name == "size")
            return new(NumberValue.Create(members.Count));
        undefined.Add($"{path}.{name}");
        return new(NilValue.Instance);
    }

    public override ValueTask<FluidValue> GetIndexAsync(FluidValue index, TemplateContext context) => GetValueAsync(index.ToStringValue(), context);

    public override IEnumerable<FluidValue> Enumerate(TemplateContext context) =>
        members.Select(member => new ArrayValue([new StringValue(member.Key), TemplateValues.Of(member.Value, $"{path}.{member.Key}", undefined)]));

    public override ValueTask WriteToAsync(TextWriter writer, TextEncoder encoder, CultureInfo cultureInfo) => new(writer.WriteAsync(ToStringValue()));
}
