using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Packages;

/// <summary>
/// The name of a package, optionally with an architecture, such as <c>libc6:amd64</c>. A name that ends in <c>-</c> is refused: apt
/// would remove that package.
/// </summary>
[JsonConverter(typeof(TextConverter<PackageName>)), ResourceName]
public sealed record PackageName : IStringValue<PackageName>
{
    /// <summary>The pattern of a name (Debian policy 5.6.7), without the hyphen at its end.</summary>
    internal const string NamePattern = "[a-z0-9][a-z0-9+.-]*[a-z0-9+.]";

    /// <summary>The pattern of an architecture.</summary>
    internal const string ArchitecturePattern = "[a-z0-9][a-z0-9-]*";

    private PackageName(string value) => Value = value;

    static TextRule IStringValue<PackageName>.Rule { get; } = new(
        $"^{NamePattern}(:{ArchitecturePattern})?$",
        "the name of a package: at least two lower-case letters, digits, '+', '.' and '-', the first a letter or digit, the last no '-'; optionally with an architecture, as in libc6:amd64")
    { MaxLength = 200 };

    /// <inheritdoc/>
    public string Value { get; }

    /// <summary>The name without the architecture.</summary>
    internal string Name => Value.Split(':')[0];

    /// <summary>The architecture; null when none is given.</summary>
    internal string? Architecture => Value.Split(':') is [_, var architecture] ? architecture : null;

    static PackageName IStringValue<PackageName>.Create(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Converts text to a name.</summary>
    /// <exception cref="FormatException">The text is not the name of a package.</exception>
    public static implicit operator PackageName(string text) => Text.Parse<PackageName>(text);
}
