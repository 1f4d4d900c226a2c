using System.Globalization;
using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Agents;

/// <summary>The lifetime of a join token: a whole number of <c>m</c>, <c>h</c> or <c>d</c>, from a minute to 365 days.</summary>
[JsonConverter(typeof(TextConverter<JoinLifetime>))]
public sealed record JoinLifetime : IStringValue<JoinLifetime>
{
    private static readonly TimeSpan Max = TimeSpan.FromDays(365);

    private JoinLifetime(string value) => Value = value;

    static TextRule IStringValue<JoinLifetime>.Rule { get; } = new("^[1-9][0-9]{0,5}[mhd]$", "a whole number of m, h or d, at most 365d");

    /// <inheritdoc/>
    public string Value { get; }

    /// <summary>The lifetime as a duration.</summary>
    public TimeSpan Duration => int.Parse(Value[..^1], NumberStyles.None, CultureInfo.InvariantCulture) * (Value[^1] switch
    {
        'm' => TimeSpan.FromMinutes(1),
        'h' => TimeSpan.FromHours(1),
        _ => TimeSpan.FromDays(1),
    });

    // The controller executes the operations on agents; it has no facts.
    static JoinLifetime? IStringValue<JoinLifetime>.Reference(string value) => null;

    static JoinLifetime? IStringValue<JoinLifetime>.Create(string value) => new JoinLifetime(value) is { } lifetime && lifetime.Duration <= Max ? lifetime : null;

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Converts text to a lifetime.</summary>
    /// <exception cref="FormatException">The text is not a lifetime.</exception>
    public static implicit operator JoinLifetime(string text) => Text.Parse<JoinLifetime>(text);
}
