using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Packages;

/// <summary>The address of a repository, without credentials: those belong in <c>/etc/apt/auth.conf.d</c> on the host.</summary>
[JsonConverter(typeof(TextConverter<RepositoryAddress>))]
public sealed record RepositoryAddress : IStringValue<RepositoryAddress>
{
    private RepositoryAddress(string value) => Value = value;

    static TextRule IStringValue<RepositoryAddress>.Rule { get; } = new(
        @"^(https?|file|copy)://?[A-Za-z0-9._~:/+%\[\]-]+$",
        "the address of a repository without credentials, such as https://deb.example.com/debian")
    { MaxLength = 1000 };

    /// <inheritdoc/>
    public string Value { get; }

    static RepositoryAddress IStringValue<RepositoryAddress>.Create(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Converts text to a value of this type.</summary>
    /// <exception cref="FormatException">The text does not satisfy the rule.</exception>
    public static implicit operator RepositoryAddress(string text) => Text.Parse<RepositoryAddress>(text);
}
