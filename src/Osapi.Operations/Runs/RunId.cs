using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Runs;

/// <summary>The id of a run: a UUID (RFC 9562), written with hyphens and in lower case.</summary>
[JsonConverter(typeof(TextConverter<RunId>)), ResourceName]
public sealed record RunId : IStringValue<RunId>
{
    private RunId(string value) => Value = value;

    /// <summary>The UUID, in lower case.</summary>
    public string Value { get; }

    static TextRule IStringValue<RunId>.Rule { get; } = new("^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$", "a run id (a UUID)") { Format = "uuid" };

    /// <summary>Generates a new id. Ids that are generated later sort after earlier ones (version 7).</summary>
    public static RunId New() => new(Guid.CreateVersion7().ToString("D"));

    /// <summary>Parses an id in any case; false when the text is not a UUID with hyphens.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out RunId? id)
    {
        id = Guid.TryParseExact(text, "D", out var value) ? new(value.ToString("D")) : null;
        return id is not null;
    }

    static RunId IStringValue<RunId>.Create(string value) => new(value.ToLowerInvariant());

    /// <summary>Converts a text to an id.</summary>
    /// <exception cref="FormatException">The text is not a UUID with hyphens.</exception>
    public static implicit operator RunId(string text) => Text.Parse<RunId>(text);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
