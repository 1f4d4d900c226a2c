using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Files;

/// <summary>The permission bits of a file in the octal form of <c>chmod</c>, including set-user-id, set-group-id and sticky (inode(7)).</summary>
[JsonConverter(typeof(TextConverter<OctalMode>))]
public sealed record OctalMode : IStringValue<OctalMode>
{
    private OctalMode(string value) => Value = value;

    static TextRule IStringValue<OctalMode>.Rule { get; } = new("^0?[0-7]{1,4}$", "an octal file mode from 0 to 07777, such as 0644");

    /// <inheritdoc/>
    public string Value { get; }

    /// <summary>The mode as a number. Available on the host only, once references to facts are resolved.</summary>
    public int Bits => Convert.ToInt32(Value, fromBase: 8);

    static OctalMode IStringValue<OctalMode>.Create(string value) => new(value);

    /// <summary>Returns the mode in four digits or, with special bits, five: 0644, 04755.</summary>
    public override string ToString() => Text.RuleOf<OctalMode>().Allows(Value) ? Format(Bits) : Value;

    /// <summary>Formats a mode in four digits or, with special bits, five: 0644, 04755.</summary>
    public static string Format(int bits) => "0" + Convert.ToString(bits, toBase: 8).PadLeft(3, '0');

    /// <summary>Converts text to a mode.</summary>
    /// <exception cref="FormatException">The text is not an octal mode.</exception>
    public static implicit operator OctalMode(string text) => Text.Parse<OctalMode>(text);
}
