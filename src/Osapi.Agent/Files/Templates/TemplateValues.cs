using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fluid.Values;

namespace Osapi.Agent.Files.Templates;

/// <summary>Converts JSON into template values.</summary>
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

    // A decimal is exact, keeps the digits that were written, and is printed without an exponent: 1048576, not
    // 1.048576e+06. A number that does not fit keeps its text.
    private static FluidValue Number(string text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && (double)number == double.Parse(text, CultureInfo.InvariantCulture)
            ? NumberValue.Create(number)
            : new StringValue(text);
}
