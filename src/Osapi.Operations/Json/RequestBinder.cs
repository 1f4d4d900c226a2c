using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Osapi.Operations.Json;

/// <summary>
/// Reads requests. A valid request costs one strict deserialization and its rules. An invalid one is checked member by member, so
/// that the response lists all problems in the same wording everywhere.
/// </summary>
internal static class RequestBinder
{
    // A small request can have any number of problems; more than this are of no use, and a response must not be far larger than its request.
    private const int MaxProblems = 100;

    private static readonly ReadOnlyMemory<byte> NoMembers = "{}"u8.ToArray();

    private static readonly Problem TooDeep = new("", $"the request is nested deeper than {JsonText.MaxDepth} levels");

    /// <summary>Reads a request from bytes; no bytes mean an empty request.</summary>
    public static Binding Bind(JsonTypeInfo info, ReadOnlyMemory<byte> json) => Bind(info, json, resolved: false);

    /// <summary>Reads a request on the host after references to facts were resolved: every rule must hold for the resolved text.</summary>
    public static Binding BindResolved(JsonTypeInfo info, ReadOnlyMemory<byte> json) => Bind(info, json, resolved: true);

    /// <summary>Reads a request from its members.</summary>
    public static Binding Bind(JsonTypeInfo info, JsonObject members)
    {
        ArgumentNullException.ThrowIfNull(members);
        ArrayBufferWriter<byte> json = new();
        using Utf8JsonWriter writer = new(json);
        try
        {
            members.WriteTo(writer);
        }
        catch (InvalidOperationException)
        {
            // The writer's own depth limit, far beyond the reader's.
            return new(null, [TooDeep]);
        }

        writer.Flush();
        return Bind(info, json.WrittenMemory);
    }

    private static Binding Bind(JsonTypeInfo info, ReadOnlyMemory<byte> json, bool resolved)
    {
        ArgumentNullException.ThrowIfNull(info);
        if (JsonText.IsUnicode(json.Span))
        {
            try
            {
                var request = json.IsEmpty ? NoMembers : json;
                if (JsonSerializer.Deserialize(request.Span, info) is { } value)
                    return Validate(info, value, resolved, () => request.Trim(JsonText.Whitespace));
            }
            // A duplicate member inside free-form JSON causes an ArgumentException.
            catch (Exception exception) when (exception is JsonException or ArgumentException)
            {
                // The problems are collected below.
            }
        }

        var (members, problem) = ParseObject(json.Span);
        if (members is null)
            return new(null, [problem!]);
        return CanonicalForm.Apply(info, members) && TryDeserialize(info, members) is { } canonical
            ? Validate(info, canonical, resolved, () => JsonSerializer.SerializeToUtf8Bytes(canonical, info))
            : Refuse(ShapeProblems.Of(info, members));
    }

    /// <summary>Parses a JSON object, or returns the problem; no bytes mean an empty object.</summary>
    public static (JsonObject? Members, Problem? Problem) ParseObject(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty)
            return ([], null);
        if (!JsonText.IsUnicode(json))
            return (null, new("", "the request holds text that is not valid Unicode"));
        try
        {
            return JsonNode.Parse(json, documentOptions: JsonConventions.Document with { MaxDepth = JsonText.MaxDepth }) is JsonObject members
                ? (members, null)
                : (null, new("", "the request must be a JSON object"));
        }
        catch (JsonException exception)
        {
            return (null, JsonText.IsTooDeep(json)
                ? TooDeep
                // The only problem that the parser does not locate.
                : exception.LineNumber is null ? new("", $"the request is not valid JSON: {DuplicateMember.Find(json) ?? "a member"} is given twice")
                : new("", $"the request is not valid JSON (line {exception.LineNumber + 1}, position {exception.BytePositionInLine + 1})"));
        }
    }

    private static object? TryDeserialize(JsonTypeInfo info, JsonObject members)
    {
        try
        {
            return members.Deserialize(info);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            return null;
        }
    }

    private static Binding Validate(JsonTypeInfo info, object value, bool resolved, Func<ReadOnlyMemory<byte>> json)
    {
        var problems = RuleProblems.Of(info, value, resolved);
        if (problems.Count == 0 && value is IValidatable whole)
            problems = [.. whole.Validate()];
        return problems.Count == 0 ? new(value, []) { Json = json() } : Refuse(problems);
    }

    private static Binding Refuse(IReadOnlyList<Problem> problems) => new(null, problems.Count <= MaxProblems
        ? problems
        : [.. problems.Take(MaxProblems), new("", $"and {problems.Count - MaxProblems} more")]);
}
