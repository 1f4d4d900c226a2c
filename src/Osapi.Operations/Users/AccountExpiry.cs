using System.Globalization;
using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Users;

/// <summary>The date from which an account can no longer be used, as <c>2027-01-31</c>, or <c>never</c>.</summary>
[JsonConverter(typeof(TextConverter<AccountExpiry>))]
public sealed record AccountExpiry : IStringValue<AccountExpiry>
{
    private const string Never = "never", Format = "yyyy-MM-dd";

    private static readonly DateOnly Epoch = new(1970, 1, 1);

    private AccountExpiry(string value) => Value = value;

    static TextRule IStringValue<AccountExpiry>.Rule { get; } = new("^(never|[0-9]{4}-[0-9]{2}-[0-9]{2})$", "a date as 2027-01-31, from 1970-01-02 on, or never") { MaxLength = 10 };

    /// <inheritdoc/>
    public string Value { get; }

    /// <summary>The days since 1970 (shadow(5)); null for never.</summary>
    internal int? Days => Value == Never ? null : DateOnly.ParseExact(Value, Format, CultureInfo.InvariantCulture).DayNumber - Epoch.DayNumber;

    // The day 0 means never to some programs, and expired to others.
    static AccountExpiry? IStringValue<AccountExpiry>.Create(string value) =>
        value == Never || (DateOnly.TryParseExact(value, Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date > Epoch) ? new(value) : null;

    static AccountExpiry? IStringValue<AccountExpiry>.Reference(string value) => new(value);

    /// <summary>Formats days since 1970; null for none.</summary>
    internal static string? Of(int? days) => days is { } count && count + Epoch.DayNumber <= DateOnly.MaxValue.DayNumber ? Epoch.AddDays(count).ToString(Format, CultureInfo.InvariantCulture) : null;

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Converts text to a date.</summary>
    /// <exception cref="FormatException">The text is not such a date.</exception>
    public static implicit operator AccountExpiry(string text) => Text.Parse<AccountExpiry>(text);
}
