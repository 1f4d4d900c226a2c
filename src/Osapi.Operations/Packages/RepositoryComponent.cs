using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Packages;

/// <summary>A component of a repository, such as <c>main</c>.</summary>
[JsonConverter(typeof(TextConverter<RepositoryComponent>))]
public sealed record RepositoryComponent : IStringValue<RepositoryComponent>
{
    private RepositoryComponent(string value) => Value = value;

    static TextRule IStringValue<RepositoryComponent>.Rule { get; } = new(
        @"^[A-Za-z0-9][A-Za-z0-9._+/-]*$",
        "a component of a repository: letters, digits, '.', '_', '+', '/' and '-', the first a letter or digit")
    { MaxLength = 200 };

    /// <inheritdoc/>
    public string Value { get; }

    static RepositoryComponent IStringValue<RepositoryComponent>.Create(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Converts text to a value of this type.</summary>
    /// <exception cref="FormatException">The text does not satisfy the rule.</exception>
    public static implicit operator RepositoryComponent(string text) => Text.Parse<RepositoryComponent>(text);
}
