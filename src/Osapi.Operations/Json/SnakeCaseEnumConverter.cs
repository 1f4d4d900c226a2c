using System.Text.Json;
using System.Text.Json.Serialization;

namespace Osapi.Operations.Json;

/// <summary>
/// Writes an enum as snake_case text and reads exactly that. In results, names of a newer version are read as
/// <see cref="NewerNameAttribute"/> specifies. (The built-in converter also accepts other letter cases, surrounding blanks,
/// comma-separated lists and, by default, numbers.)
/// </summary>
/// <remarks>Public, because the source-generated JSON context of a program that uses the enum in a type of its own creates it.</remarks>
/// <typeparam name="T">The enum.</typeparam>
public sealed class SnakeCaseEnumConverter<T> : JsonConverter<T>
    where T : struct, Enum
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && (SnakeCaseName.Parse<T>(reader.GetString()) ?? Newer(options)) is { } value
            ? value
            : throw new JsonException($"must be one of {string.Join(", ", SnakeCaseName.All(typeof(T)))}");

    // Requests are strict: a host must not execute a request that it does not fully understand.
    private static T? Newer(JsonSerializerOptions options) =>
        options.UnmappedMemberHandling == JsonUnmappedMemberHandling.Disallow ? null : SnakeCaseName.Newer<T>();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(SnakeCaseName.Of(value));
    }
}
