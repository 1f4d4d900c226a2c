using System.Text.Json.Serialization;
using Osapi.Operations.Facts;
using Osapi.Operations.Json;

namespace Osapi.Operations.Services;

/// <summary>
/// The name of a systemd unit. A name without a type is that of a service: <c>nginx</c> is <c>nginx.service</c>. A name cannot be a
/// path or be mistaken for a command-line option.
/// </summary>
[JsonConverter(typeof(TextConverter<UnitName>)), ResourceName]
public sealed record UnitName : IStringValue<UnitName>
{
    // UNIT_NAME_MAX includes the terminating NUL (systemd, src/basic/unit-name.h).
    private const int MaxLength = 255;

    private static readonly string[] Types = [".service", ".socket", ".timer", ".path", ".mount", ".automount", ".swap", ".target", ".slice", ".scope", ".device"];

    private UnitName(string value) => Value = value;

    static TextRule IStringValue<UnitName>.Rule { get; } = new(
        @"^[A-Za-z0-9:_\\@][A-Za-z0-9:_.\\@-]{0,254}$",
        "the name of a systemd unit, such as nginx or nginx.socket: at most 255 letters, digits, ':', '_', '.', '\\', '@' or '-', not beginning with '.' or '-'");

    /// <inheritdoc/>
    public string Value { get; }

    /// <summary>The name with its type: <c>nginx.service</c> for <c>nginx</c>.</summary>
    public string FullName => Types.Any(type => Value.EndsWith(type, StringComparison.Ordinal)) ? Value : Value + ".service";

    /// <summary>True for a template, which has no instance in its name: <c>backup@.service</c>. Only instances of it can run.</summary>
    public bool IsTemplate => Value.EndsWith('@') || Value.Contains("@.", StringComparison.Ordinal);

    static UnitName? IStringValue<UnitName>.Create(string value) => new UnitName(value) is { FullName.Length: <= MaxLength } name ? name : null;

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Returns the problem of a template where a unit that can run is needed; none for any other name.</summary>
    internal IEnumerable<Problem> ProblemsOfInstance() =>
        IsTemplate && !FactReference.ArePending(Value) ? [new("name", $"must name an instance of the template, such as {Value.Insert(Value.IndexOf('@', StringComparison.Ordinal) + 1, "NAME")}")] : [];

    /// <summary>Converts text to a name.</summary>
    /// <exception cref="FormatException">The text is not the name of a unit.</exception>
    public static implicit operator UnitName(string text) => Text.Parse<UnitName>(text);
}
