using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Users;

/// <summary>
/// The name of a user of a host. Capital letters are for accounts that exist, such as <c>Debian-exim</c>: a new one has none.
/// </summary>
[JsonConverter(typeof(TextConverter<UserName>)), ResourceName]
public sealed record UserName : IStringValue<UserName>
{
    /// <summary>The pattern of the names of users and groups.</summary>
    internal const string Pattern = "^[A-Za-z_][A-Za-z0-9_.-]{0,31}$";

    /// <summary>The description of the pattern, without the thing that is named.</summary>
    internal const string Grammar = "at most 32 letters, digits, '_', '.' and '-', the first a letter or '_'";

    private UserName(string value) => Value = value;

    static TextRule IStringValue<UserName>.Rule { get; } = new(Pattern, $"the name of a user: {Grammar}") { MaxLength = 32 };

    /// <inheritdoc/>
    public string Value { get; }

    static UserName IStringValue<UserName>.Create(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Converts text to a name.</summary>
    /// <exception cref="FormatException">The text is not the name of a user.</exception>
    public static implicit operator UserName(string text) => Text.Parse<UserName>(text);
}
