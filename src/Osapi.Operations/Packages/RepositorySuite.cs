using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Packages;

/// <summary>The suite of a repository, such as <c>bookworm</c>; a path that ends in <c>/</c>, such as <c>./</c>, for a repository without components.</summary>
[JsonConverter(typeof(TextConverter<RepositorySuite>))]
public sealed record RepositorySuite : IStringValue<RepositorySuite>
{
    private RepositorySuite(string value) => Value = value;

    static TextRule IStringValue<RepositorySuite>.Rule { get; } = new(
        @"^[A-Za-z0-9./][A-Za-z0-9._+~/-]*$",
        "the suite of a repository: letters, digits, '.', '_', '+', '~', '/' and '-', the first no sign but '.' and '/'")
    { MaxLength = 200 };

    /// <inheritdoc/>
    public string Value { get; }

    static RepositorySuite IStringValue<RepositorySuite>.Create(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Converts text to a value of this type.</summary>
    /// <exception cref="FormatException">The text does not satisfy the rule.</exception>
    public static implicit operator RepositorySuite(string text) => Text.Parse<RepositorySuite>(text);
}
