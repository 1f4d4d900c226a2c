using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Osapi.Operations.Json;

/// <summary>
/// Reads requests. A good one costs one strict deserialization and its rules; a bad one is walked member by member,
/// so that the answer lists everything that is wrong with it, in words that are the same everywhere.
/// </summary>
public static class RequestBinder
{
    /// <summary>Reads a request from bytes; no bytes are an empty request.</summary>
    public static Binding Bind(JsonTypeInfo info, ReadOnlySpan<byte> json)
    {
        var (members, problem) = ParseObject(json);
        return members is null ? new(null, [problem!]) : Bind(info, members);
    }

    /// <summary>Reads a request from its members.</summary>
    public static Binding Bind(JsonTypeInfo info, JsonObject members)
    {
        ArgumentNullException.ThrowIfNull(info);
        ArgumentNullException.ThrowIfNull(members);
        object? value;
        try
        {
            value = members.Deserialize(info);
        }
        catch (JsonException)
        {
            return new(null, ShapeProblems.Of(info, members));
        }

        var problems = RuleProblems.Of(info, value!);
        if (problems.Count == 0 && value is IChecked whole)
            problems = [.. whole.Check()];
        return problems.Count == 0 ? new(value, []) : new(null, problems);
    }

    /// <summary>Parses a JSON object, or says why it is none.</summary>
    public static (JsonObject? Members, Problem? Problem) ParseObject(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty)
            return ([], null);
        try
        {
            return JsonNode.Parse(json, documentOptions: Wire.Document) is JsonObject members
                ? (members, null)
                : (null, new("", "the request must be a JSON object"));
        }
        catch (JsonException exception)
        {
            return (null, new("", $"the request is not valid JSON (line {exception.LineNumber + 1}, position {exception.BytePositionInLine + 1})"));
        }
        catch (DecoderFallbackException)
        {
            return (null, new("", "the request is not valid UTF-8"));
        }
    }
}
