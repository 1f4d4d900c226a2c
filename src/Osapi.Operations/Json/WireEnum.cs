using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Osapi.Operations.Json;

/// <summary>
/// Writes an enum as snake_case text and reads exactly that; in answers, a name of a newer version as <see cref="NewerNameAttribute"/> says. (The built-in converter also reads other cases, surrounding
/// blanks, comma-separated lists and, unless told otherwise, numbers.)
/// </summary>
/// <typeparam name="T">The enum.</typeparam>
public sealed class WireEnum<T> : JsonConverter<T>
    where T : struct, Enum
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && (WireName.Parse<T>(reader.GetString()) ?? Newer(options)) is { } value
            ? value
            : throw new JsonException($"must be one of {string.Join(", ", WireName.All(typeof(T)))}");

    // Requests are strict: a host must not act on what it does not fully understand.
    private static T? Newer(JsonSerializerOptions options) =>
        options.UnmappedMemberHandling == JsonUnmappedMemberHandling.Disallow ? null : WireName.Newer<T>();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(WireName.Of(value));
    }
}

/// <summary>The names of enum values as they stand on the wire.</summary>
public static class WireName
{
    /// <summary>The name of a value, such as <c>not_found</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The enum declares no such value.</exception>
    public static string Of<T>(T value)
        where T : struct, Enum => Names<T>.ByValue.TryGetValue(value, out var name) ? name : throw new ArgumentOutOfRangeException(nameof(value), value, null);

    /// <summary>The value of a name; null when there is none.</summary>
    public static T? Parse<T>(string? name)
        where T : struct, Enum => name is not null && Names<T>.ByName.TryGetValue(name, out var value) ? value : null;

    /// <summary>What a name of a newer version is read as; null when it is an error.</summary>
    public static T? Newer<T>()
        where T : struct, Enum => Names<T>.Newer;

    /// <summary>All names of an enum, in declaration order.</summary>
    public static IReadOnlyList<string> All(Type enumType) => [.. Enum.GetNames(enumType).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    private static class Names<T>
        where T : struct, Enum
    {
        public static readonly FrozenDictionary<T, string> ByValue =
            Enum.GetValues<T>().ToFrozenDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));

        public static readonly T? Newer = typeof(T).GetCustomAttribute<NewerNameAttribute>() is { } newer ? Enum.Parse<T>(newer.Member) : null;

        public static readonly FrozenDictionary<string, T> ByName = ByValue.ToFrozenDictionary(pair => pair.Value, pair => pair.Key);
    }
}

/// <summary>Says what a reader takes a name for that a newer version has added to an enum: never for a success.</summary>
/// <param name="member">The member of the enum.</param>
[AttributeUsage(AttributeTargets.Enum)]
public sealed class NewerNameAttribute(string member) : Attribute
{
    /// <summary>The member of the enum.</summary>
    public string Member => member;
}
