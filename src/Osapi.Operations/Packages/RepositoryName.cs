using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Packages;

/// <summary>The name of a repository on a host. Its file is <c>osapi-NAME.sources</c>.</summary>
[JsonConverter(typeof(TextConverter<RepositoryName>)), ResourceName]
public sealed record RepositoryName : IStringValue<RepositoryName>
{
    private RepositoryName(string value) => Value = value;

    static TextRule IStringValue<RepositoryName>.Rule { get; } = new(
        @"^[a-z0-9][a-z0-9-]{0,63}$",
        "the name of a repository: at most 64 lower-case letters, digits and '-', the first no '-'")
    { MaxLength = 64 };

    /// <inheritdoc/>
    public string Value { get; }

    static RepositoryName IStringValue<RepositoryName>.Create(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Converts text to a value of this type.</summary>
    /// <exception cref="FormatException">The text does not satisfy the rule.</exception>
    public static implicit operator RepositoryName(string text) => Text.Parse<RepositoryName>(text);
}
