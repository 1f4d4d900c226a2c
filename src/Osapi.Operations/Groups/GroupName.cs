using System.Text.Json.Serialization;
using Osapi.Operations.Json;
using Osapi.Operations.Users;

namespace Osapi.Operations.Groups;

/// <summary>The name of a group of a host. A new group has no capital letters in it.</summary>
[JsonConverter(typeof(TextConverter<GroupName>)), ResourceName]
public sealed record GroupName : IStringValue<GroupName>
{
    private GroupName(string value) => Value = value;

    static TextRule IStringValue<GroupName>.Rule { get; } = new(UserName.Pattern, $"the name of a group: {UserName.Grammar}") { MaxLength = 32 };

    /// <inheritdoc/>
    public string Value { get; }

    static GroupName IStringValue<GroupName>.Create(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Converts text to a name.</summary>
    /// <exception cref="FormatException">The text is not the name of a group.</exception>
    public static implicit operator GroupName(string text) => Text.Parse<GroupName>(text);
}
