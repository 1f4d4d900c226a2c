using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fluid.Values;

namespace Osapi.Agent.Files.Templates;

/// <summary>JSON as the values of a template.</summary>
internal static class TemplateValues
{
    public static FluidValue Of(JsonNode? node, string path, UndefinedNames undefined) => node switch
    {
        null => NilValue.Instance,
        JsonObject members => new DictionaryValue(new JsonMembers(members, path, undefined)),
        JsonArray elements => new ArrayValue([.. elements.Select((element, index) => Of(element, $"{path}[{index}]", undefined))]),
        _ => node.GetValueKind() switch
        {
            JsonValueKind.True => BooleanValue.True,
            JsonValueKind.False => BooleanValue.False,
            JsonValueKind.Number => Number(node.ToJsonString()),
            _ => new StringValue(node.GetValue<string>()),
        },
    };

    // A decimal is printed plainly, 1048576 and not 1.048576e+06; what it cannot hold keeps the text that it was written with.
    private static FluidValue Number(string text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && (double)number == double.Parse(text, CultureInfo.InvariantCulture)
            ? NumberValue.Create(number)
            : new StringValue(text);

    /// <summary>The members of an object, which take note of being asked for one that is not there.</summary>
    private sealed class JsonMembers(JsonObject members, string path, UndefinedNames undefined) : IFluidIndexable
    {
        public int Count => members.Count;

        public IEnumerable<string> Keys => members.Select(member => member.Key);

        public bool TryGetValue(string name, out FluidValue value)
        {
            var found = members.TryGetPropertyValue(name, out var member);
            // Every collection has a size.
            if (!found && name != "size")
                undefined.Add($"{path}.{name}");
            value = found ? Of(member, $"{path}.{name}", undefined) : NilValue.Instance;
            return found;
        }
    }
}
