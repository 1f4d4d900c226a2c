using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Sysctl;

/// <summary>The value of a kernel setting: one line of text. Several fields are divided by white space, and compared one by one.</summary>
[JsonConverter(typeof(TextConverter<SysctlValue>))]
public sealed record SysctlValue : IStringValue<SysctlValue>
{
    private SysctlValue(string value) => Value = value;

    // A line of a file loses white space at its ends.
    static TextRule IStringValue<SysctlValue>.Rule { get; } = new(
        "^[^\\u0000-\\u0020\\u007f]([^\\u0000-\\u0008\\u000a-\\u001f\\u007f]*[^\\u0000-\\u0020\\u007f])?$",
        "the value of a kernel setting: one line of 1 to 4096 characters, without white space at its beginning or end");

    /// <inheritdoc/>
    public string Value { get; }

    static SysctlValue IStringValue<SysctlValue>.Create(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Determines whether two values have the same fields, whatever white space is between them.</summary>
    internal static bool AreSame(string? one, string? other) =>
        one is null || other is null ? one is null && other is null : Fields(one).SequenceEqual(Fields(other), StringComparer.Ordinal);

    /// <summary>Converts text to a value.</summary>
    /// <exception cref="FormatException">The text is not the value of a kernel setting.</exception>
    public static implicit operator SysctlValue(string text) => Text.Parse<SysctlValue>(text);

    private static string[] Fields(string value) => value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
