using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Osapi.Controller.Tests.OpenApi;

/// <summary>
/// The part of JSON Schema (2020-12) that the document uses. An unknown keyword is an error, so that everything is
/// checked.
/// </summary>
internal static class Schema
{
    private static readonly string[] Words = ["description", "title", "default", "format", "examples", "contentMediaType"];

    public static IReadOnlyList<string> Problems(JsonNode schema, JsonNode? value) => [.. Check(schema, value, "$")];

    private static IEnumerable<string> Check(JsonNode schema, JsonNode? value, string path)
    {
        if (schema is JsonValue anything)
            return anything.GetValue<bool>() ? [] : [$"{path} must not be there"];
        return schema.AsObject().SelectMany(keyword => Check(schema.AsObject(), keyword.Key, keyword.Value!, value, path));
    }

    private static IEnumerable<string> Check(JsonObject schema, string keyword, JsonNode argument, JsonNode? value, string path)
    {
        switch (keyword)
        {
            case "type":
                string[] types = argument is JsonArray several ? [.. several.Select(type => type!.GetValue<string>())] : [argument.GetValue<string>()];
                return types.Any(type => Is(type, value)) ? [] : [$"{path} is no {argument.ToJsonString()}"];
            case "enum":
                return argument.AsArray().Any(allowed => JsonNode.DeepEquals(allowed, value)) ? [] : [$"{path} is none of {argument.ToJsonString()}"];
            case "pattern":
                return value is null || Regex.IsMatch(value.GetValue<string>(), argument.GetValue<string>()) ? [] : [$"{path} does not match {argument}"];
            case "minimum":
                return value is null || Number(value) >= Number(argument) ? [] : [$"{path} is below {argument}"];
            case "maximum":
                return value is null || Number(value) <= Number(argument) ? [] : [$"{path} is above {argument}"];
            case "minLength" or "minItems" or "minProperties":
                return value is null || Size(value) >= Number(argument) ? [] : [$"{path} is too short"];
            case "maxLength" or "maxItems" or "maxProperties":
                return value is null || Size(value) <= Number(argument) ? [] : [$"{path} is too long"];
            case "required":
                return value is JsonObject whole ? argument.AsArray().Where(name => !whole.ContainsKey(name!.GetValue<string>())).Select(name => $"{path}.{name} is missing") : [];
            case "properties":
                return value is JsonObject members
                    ? members.SelectMany(member => argument[member.Key] is { } inner ? Check(inner, member.Value, $"{path}.{member.Key}") : [])
                    : [];
            case "additionalProperties":
                return value is JsonObject all
                    ? all.Where(member => schema["properties"]?.AsObject().ContainsKey(member.Key) != true).SelectMany(member => Check(argument, member.Value, $"{path}.{member.Key}"))
                    : [];
            case "propertyNames":
                return value is JsonObject named ? named.SelectMany(member => Check(argument, JsonValue.Create(member.Key), $"the name of {path}.{member.Key}")) : [];
            case "items":
                return value is JsonArray list ? list.SelectMany((item, i) => Check(argument, item, $"{path}[{i}]")) : [];
            case "$ref":
                return Check(OpenApiDocumentTests.Resolve(argument.GetValue<string>())!, value, path);
            case "oneOf":
                var fits = argument.AsArray().Count(alternative => !Check(alternative!, value, path).Any());
                return fits == 1 ? [] : [$"{path} fits {fits} of the alternatives"];
            default:
                return Words.Contains(keyword) ? [] : [$"{path}: the keyword {keyword} is not known"];
        }
    }

    private static bool Is(string type, JsonNode? value) => (type, value?.GetValueKind()) switch
    {
        ("null", null) => true,
        ("string", JsonValueKind.String) => true,
        ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
        ("number", JsonValueKind.Number) => true,
        ("integer", JsonValueKind.Number) => Number(value!) == Math.Floor(Number(value!)),
        ("object", JsonValueKind.Object) => true,
        ("array", JsonValueKind.Array) => true,
        _ => false,
    };

    private static double Number(JsonNode value) => JsonElement.Parse(value.ToJsonString()).GetDouble();

    private static double Size(JsonNode value) => value switch
    {
        JsonArray list => list.Count,
        JsonObject members => members.Count,
        _ => value.GetValue<string>().EnumerateRunes().Count(),
    };
}
