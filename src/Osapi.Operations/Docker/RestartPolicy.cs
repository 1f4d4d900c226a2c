using System.Globalization;
using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Docker;

/// <summary>When the engine starts a container again that has ended, in Docker's own words.</summary>
[JsonConverter(typeof(TextConverter<RestartPolicy>))]
public sealed record RestartPolicy : IStringValue<RestartPolicy>
{
    private RestartPolicy(string value) => Value = value;

    /// <inheritdoc/>
    public static TextRule Rule { get; } = new(
        "^(no|always|unless-stopped|on-failure(:[1-9][0-9]{0,5})?)$",
        "no, always, unless-stopped, on-failure or on-failure:COUNT");

    /// <inheritdoc/>
    public string Value { get; }

    /// <summary>The policy without its count.</summary>
    public string Name => Value.Split(':')[0];

    /// <summary>How often it is started again after failures; 0 for no limit.</summary>
    public int Count => Value.Split(':') is [_, var count] ? int.Parse(count, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    static RestartPolicy IStringValue<RestartPolicy>.Create(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Reads a policy.</summary>
    /// <exception cref="FormatException">The text is none.</exception>
    public static implicit operator RestartPolicy(string text) => Text.Parse<RestartPolicy>(text);
}
