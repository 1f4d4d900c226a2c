using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Osapi.Operations.Json;

/// <summary>Requires a UUID (RFC 9562).</summary>
public sealed class UuidAttribute : RuleAttribute
{
    /// <inheritdoc/>
    public override string? Check(object value) => Guid.TryParseExact(value as string, "D", out _) ? null : "must be a UUID";

    /// <inheritdoc/>
    public override void Describe(JsonObject schema, JsonTypeInfoKind kind)
    {
        ArgumentNullException.ThrowIfNull(schema);
        (schema["items"] as JsonObject ?? schema)["format"] = "uuid";
    }
}
