using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Packages;

/// <summary>
/// A package to install: a name, optionally with an architecture and a version, such as <c>nginx</c>, <c>libc6:amd64</c>,
/// <c>nginx=1.22.1-9</c>; a version that ends in <c>*</c> is any that begins so.
/// </summary>
[JsonConverter(typeof(TextConverter<PackageSelector>)), ResourceName]
public sealed record PackageSelector : IStringValue<PackageSelector>
{
    private PackageSelector(string value) => Value = value;

    static TextRule IStringValue<PackageSelector>.Rule { get; } = new(
        $"^{PackageName.NamePattern}(:{PackageName.ArchitecturePattern})?(=[0-9][A-Za-z0-9.+:~-]*[*]?)?$",
        "the name of a package: at least two lower-case letters, digits, '+', '.' and '-', the first a letter or digit, the last no '-'; optionally with an architecture and a version, as in libc6:amd64=2.36-9")
    { MaxLength = 400 };

    /// <inheritdoc/>
    public string Value { get; }

    /// <summary>The name, with the architecture if one is given.</summary>
    internal PackageName Package => Value.Split('=')[0];

    /// <summary>The version, which may end in <c>*</c>; null for any.</summary>
    internal string? Version => Value.Split('=', 2) is [_, var version] ? version : null;

    static PackageSelector IStringValue<PackageSelector>.Create(string value) => new(value);

    /// <summary>Determines whether a version is the selected one.</summary>
    internal bool Allows(string version) => Version is not { } wanted || (wanted.EndsWith('*') ? version.StartsWith(wanted[..^1], StringComparison.Ordinal) : version == wanted);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Converts text to a selector.</summary>
    /// <exception cref="FormatException">The text does not select a package.</exception>
    public static implicit operator PackageSelector(string text) => Text.Parse<PackageSelector>(text);
}
