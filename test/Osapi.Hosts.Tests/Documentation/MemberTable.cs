using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Osapi.Operations.Json;

namespace Osapi.Hosts.Tests.Documentation;

/// <summary>Writes the members of a request or a result as a table.</summary>
internal static class MemberTable
{
    public static string Of(JsonTypeInfo info, bool request)
    {
        StringBuilder table = new();
        table.Append(request ? "| member | type | required | description |\n|---|---|---|---|\n" : "| member | type | description |\n|---|---|---|\n");
        foreach (var (path, property) in Rows(info, ""))
            table.Append(CultureInfo.InvariantCulture, $"| `{path}` | {Cell(TypeOf(property))} | {(request ? property.IsRequired ? "yes | " : "| " : "")}{Cell(XmlDocs.Catalog.Of(property) ?? "")} |\n");
        return table.ToString();
    }

    private static IEnumerable<(string Path, JsonPropertyInfo Property)> Rows(JsonTypeInfo info, string prefix) => info.Properties.SelectMany(property =>
    {
        var path = prefix + property.Name;
        var type = property.Options.GetTypeInfo(property.PropertyType);
        var within = type.ElementType is { } element ? type.Options.GetTypeInfo(element) : type;
        return within.Kind == JsonTypeInfoKind.Object
            ? Rows(within, path + (type.Kind == JsonTypeInfoKind.Enumerable ? "[]." : type.Kind == JsonTypeInfoKind.Dictionary ? ".*." : ".")).Prepend((path, property))
            : [(path, property)];
    });

    private static string TypeOf(JsonPropertyInfo property)
    {
        var info = property.Options.GetTypeInfo(property.PropertyType);
        JsonObject limits = [];
        foreach (var rule in property.AttributeProvider?.GetCustomAttributes(typeof(RuleAttribute), inherit: true).Cast<RuleAttribute>() ?? [])
            rule.Describe(limits, info.Kind);
        var range = limits["minimum"] is { } minimum && limits["maximum"] is { } maximum ? $", {minimum} to {maximum}" : "";
        var most = limits["maxItems"] ?? limits["maxLength"];
        return TypeOf(info) + range + (most is null ? "" : $", at most {most} {(info.Kind == JsonTypeInfoKind.None ? "characters" : "elements")}");
    }

    private static string TypeOf(JsonTypeInfo info) => info.Kind switch
    {
        JsonTypeInfoKind.Enumerable => $"a list, each {TypeOf(info.Options.GetTypeInfo(info.ElementType!))}",
        JsonTypeInfoKind.Dictionary => $"a map, each value {TypeOf(info.Options.GetTypeInfo(info.ElementType!))}",
        _ when (Nullable.GetUnderlyingType(info.Type) ?? info.Type) == typeof(DateTimeOffset) => "a time (RFC 3339)",
        _ when (Nullable.GetUnderlyingType(info.Type) ?? info.Type) == typeof(System.Text.Json.JsonElement) => "any JSON",
        _ => Expectation.Of(info),
    };

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
