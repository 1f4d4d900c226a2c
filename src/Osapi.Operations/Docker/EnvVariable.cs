using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Docker;

/// <summary>An environment variable as <c>NAME=value</c>. The value may be empty; text without an equals sign is rejected.</summary>
[JsonConverter(typeof(TextConverter<EnvVariable>))]
public sealed record EnvVariable : IStringValue<EnvVariable>
{
    private EnvVariable(string value) => Value = value;

    static TextRule IStringValue<EnvVariable>.Rule { get; } = new(
        @"^[^=\u0000]+=[^\u0000]*$",
        "an environment variable as NAME=value")
    {
        // MAX_ARG_STRLEN (execve(2)): 32 pages, including the terminating NUL.
        MaxLength = 128 * 1024 - 1,
    };

    /// <inheritdoc/>
    public string Value { get; }

    static EnvVariable IStringValue<EnvVariable>.Create(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Converts text to a variable.</summary>
    /// <exception cref="FormatException">The text is not of the form <c>NAME=value</c>.</exception>
    public static implicit operator EnvVariable(string text) => Text.Parse<EnvVariable>(text);
}
