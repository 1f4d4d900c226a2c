using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Jobs;

/// <summary>The id of a job: a UUID (RFC 9562).</summary>
[JsonConverter(typeof(TextConverter<JobId>))]
public sealed record JobId : IStringValue<JobId>
{
    private JobId(string value) => Value = value;

    /// <inheritdoc/>
    public static TextRule Rule { get; } = new("^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$", "a job id (a UUID)") { Format = "uuid" };

    /// <inheritdoc/>
    public string Value { get; }

    // The controller executes the operations on jobs; it has no facts.
    static JobId? IStringValue<JobId>.Reference(string value) => null;

    static JobId IStringValue<JobId>.Create(string value) => new(value.ToLowerInvariant());

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Converts text to an id.</summary>
    /// <exception cref="FormatException">The text is not a UUID.</exception>
    public static implicit operator JobId(string text) => Text.Parse<JobId>(text);
}
