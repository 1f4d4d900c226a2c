using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fluid.Values;

namespace Osapi.Agent.Files.Templates;

/// <summary>JSON as the values of a template.</summary>
internal static class TemplateValues
{
    public static FluidValue Of(JsonNode? node, string path) => node switch
    {
        null => NilValue.Instance,
        JsonObject members => new TemplateMembers(members, path),
        JsonArray elements => new ArrayValue([.. elements.Select((element, index) => Of(element, TemplatePath.Element(path, index)))]),
        _ => node.GetValueKind() switch
        {
            JsonValueKind.True => BooleanValue.True,
            JsonValueKind.False => BooleanValue.False,
            JsonValueKind.Number => Number(node.ToJsonString()),
            _ => new StringValue(node.GetValue<string>()),
        },
    };

    // A decimal is exact, keeps the digits that were written, and is printed plainly, 1048576 and not 1.048576e+06;
    // what it cannot hold keeps the text that it was written with.
    private static FluidValue Number(string text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && (double)number == double.Parse(text, CultureInfo.InvariantCulture)
            ? NumberValue.Create(number)
            : new StringValue(text);
}
