using System.Text.Json.Serialization.Metadata;

namespace Osapi.Operations.Json;

/// <summary>The expected type of a member, as a phrase for error messages.</summary>
internal static class Expectation
{
    /// <summary>Returns the phrase that follows "must be", such as <c>a whole number</c>.</summary>
    public static string Of(JsonTypeInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        if (ITextConverter.Of(info) is { } text)
            return text.Rule.Description;
        var type = Nullable.GetUnderlyingType(info.Type) ?? info.Type;
        return info.Kind switch
        {
            JsonTypeInfoKind.Object => "an object",
            JsonTypeInfoKind.Enumerable => "a list",
            JsonTypeInfoKind.Dictionary => "an object",
            _ when type.IsEnum => "one of " + string.Join(", ", SnakeCaseName.All(type)),
            _ when type == typeof(string) => "text",
            _ when type == typeof(DateTimeOffset) => "a time such as 2026-01-31T12:00:00Z",
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(int) || type == typeof(long) => "a whole number",
            _ when type == typeof(double) || type == typeof(decimal) => "a number",
            _ when type == typeof(System.Text.Json.Nodes.JsonObject) => "an object",
            _ when type == typeof(System.Text.Json.JsonElement) => "any value",
            _ => type.Name,
        };
    }
}
