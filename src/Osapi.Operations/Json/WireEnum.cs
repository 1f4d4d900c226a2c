using System.Text.Json;
using System.Text.Json.Serialization;

namespace Osapi.Operations.Json;

/// <summary>Writes an enum as snake_case text and reads nothing else, numbers included.</summary>
/// <typeparam name="T">The enum.</typeparam>
public sealed class WireEnum<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;

/// <summary>The names of enum values as they stand on the wire.</summary>
public static class WireName
{
    /// <summary>The name of a value, such as <c>not_found</c>.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(Enum.GetName(value) ?? value.ToString());

    /// <summary>The value of a name; null when there is none.</summary>
    public static T? Parse<T>(string? name)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
            if (Of(value) == name)
                return value;
        return null;
    }

    /// <summary>All names of an enum, in declaration order.</summary>
    public static IReadOnlyList<string> All(Type enumType) => [.. Enum.GetNames(enumType).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];
}
