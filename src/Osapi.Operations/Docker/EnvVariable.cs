using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Docker;

/// <summary>An environment variable as <c>NAME=value</c>. The value may be empty; a name without an equals sign is refused.</summary>
[JsonConverter(typeof(TextConverter<EnvVariable>))]
public sealed record EnvVariable : IStringValue<EnvVariable>
{
    private EnvVariable(string value) => Value = value;

    /// <inheritdoc/>
    public static TextRule Rule { get; } = new(
        @"^[^=\u0000]+=[^\u0000]*$",
        "an environment variable as NAME=value")
    {
        // MAX_ARG_STRLEN (execve(2)): 32 pages, its NUL included.
        MaxLength = 128 * 1024 - 1,
    };

    /// <inheritdoc/>
    public string Value { get; }

    static EnvVariable IStringValue<EnvVariable>.Create(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Reads a variable.</summary>
    /// <exception cref="FormatException">The text is none.</exception>
    public static implicit operator EnvVariable(string text) => Text.Parse<EnvVariable>(text);
}
