using System.Buffers;
using System.Text.Json;

namespace Osapi.Operations.Json;

/// <summary>Masks the secret members of requests.</summary>
internal static class SecretMembers
{
    /// <summary>The text in place of a secret.</summary>
    public const string Mask = "***";

    /// <summary>Masks the secrets of a request.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="request">A valid request, as JSON.</param>
    /// <returns>The same memory when the request has no secrets.</returns>
    public static ReadOnlyMemory<byte> Masked(Operation operation, ReadOnlyMemory<byte> request)
    {
        ArgumentNullException.ThrowIfNull(operation);
        var secret = operation.Secrets;
        if (secret.Count == 0 || !Any(request.Span, secret))
            return request;
        ArrayBufferWriter<byte> masked = new();
        using (Utf8JsonWriter writer = new(masked))
        {
            writer.WriteStartObject();
            Utf8JsonReader reader = new(request.Span);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                writer.WritePropertyName(name);
                reader.Read();
                if (secret.TryGetValue(name, out var areVariables))
                    WriteMasked(writer, ref reader, areVariables);
                else
                    Copy(writer, ref reader, request.Span);
            }

            writer.WriteEndObject();
        }

        return masked.WrittenMemory;
    }

    // A null, or an empty map or list, has no secret.
    private static bool Any(ReadOnlySpan<byte> request, IReadOnlyDictionary<string, bool> secret)
    {
        Utf8JsonReader reader = new(request);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isSecret = secret.ContainsKey(reader.GetString()!);
            reader.Read();
            if (isSecret && reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                reader.Read();
                if (reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray))
                    return true;
            }
            else if (isSecret && reader.TokenType != JsonTokenType.Null)
            {
                return true;
            }
            else
            {
                reader.Skip();
            }
        }

        return false;
    }

    private static void Copy(Utf8JsonWriter writer, ref Utf8JsonReader reader, ReadOnlySpan<byte> request)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        writer.WriteRawValue(request[start..(int)reader.BytesConsumed], skipInputValidation: true);
    }

    private static void WriteMasked(Utf8JsonWriter writer, ref Utf8JsonReader reader, bool areVariables)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                writer.WriteStartObject();
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    writer.WritePropertyName(reader.GetString()!);
                    reader.Read();
                    WriteMasked(writer, ref reader, areVariables: false);
                }

                writer.WriteEndObject();
                break;
            case JsonTokenType.StartArray:
                writer.WriteStartArray();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    WriteMasked(writer, ref reader, areVariables);
                writer.WriteEndArray();
                break;
            case JsonTokenType.Null:
                writer.WriteNullValue();
                break;
            case JsonTokenType.String when areVariables && reader.GetString() is { } variable && variable.IndexOf('=', StringComparison.Ordinal) is > 0 and var end:
                writer.WriteStringValue($"{variable.AsSpan(0, end)}={Mask}");
                break;
            default:
                writer.WriteStringValue(Mask);
                break;
        }
    }
}
