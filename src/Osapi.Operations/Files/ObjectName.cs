using System.Text;
using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Files;

/// <summary>The name of a file in the object store: 1 to 255 bytes of UTF-8; slashes are allowed inside.</summary>
[JsonConverter(typeof(TextConverter<ObjectName>)), ResourceName]
public sealed record ObjectName : IStringValue<ObjectName>
{
    private const int MaxBytes = 255;

    private ObjectName(string value) => Value = value;

    static TextRule IStringValue<ObjectName>.Rule { get; } = new(
        $"^{PathText.Segment}(/{PathText.Segment})*$",
        "an object name: 1 to 255 bytes without control characters, no slash at either end, no segment that is empty, '.' or '..'");

    /// <inheritdoc/>
    public string Value { get; }

    static ObjectName? IStringValue<ObjectName>.Create(string value) => value.Length <= MaxBytes && Encoding.UTF8.GetByteCount(value) <= MaxBytes ? new(value) : null;

    // A name with references must satisfy the rule before they are resolved, because the controller uses it unresolved. The host
    // checks it again.
    static ObjectName? IStringValue<ObjectName>.Reference(string value) => Text.TryParseResolved<ObjectName>(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Converts text to a name.</summary>
    /// <exception cref="FormatException">The text is not an object name.</exception>
    public static implicit operator ObjectName(string text) => Text.Parse<ObjectName>(text);
}
