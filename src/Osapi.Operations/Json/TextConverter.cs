using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Osapi.Operations.Json;

/// <summary>A converter of a constrained string, which provides its rule to the schema and to error messages.</summary>
internal interface ITextConverter
{
    /// <summary>Finds the converter of a type or, for a nullable one, of its value; null when that is no constrained text.</summary>
    static ITextConverter? Of(JsonTypeInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        return (Nullable.GetUnderlyingType(info.Type) is { } type ? info.Options.GetTypeInfo(type) : info).Converter as ITextConverter;
    }

    /// <summary>The rule that the text must satisfy.</summary>
    TextRule Rule { get; }

    /// <summary>Determines whether a value satisfies the rule without unresolved references.</summary>
    bool IsResolved(object value);
}

/// <summary>Reads and writes a constrained string as a JSON string.</summary>
/// <typeparam name="T">The type of the string.</typeparam>
internal sealed class TextConverter<T> : JsonConverter<T>, ITextConverter
    where T : class, IStringValue<T>
{
    /// <inheritdoc/>
    public TextRule Rule => T.Rule;

    /// <inheritdoc/>
    public bool IsResolved(object value) => Text.TryParseResolved<T>(((T)value).Value) is not null;

    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Text.TryParse<T>(reader.GetString()!) is { } value
            ? value
            : throw new JsonException($"must be {T.Rule.Description}");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteStringValue(value.Value);
    }
}
