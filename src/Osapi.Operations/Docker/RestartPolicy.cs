using System.Globalization;
using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Docker;

/// <summary>The restart policy of a container, in Docker's own terms.</summary>
[JsonConverter(typeof(TextConverter<RestartPolicy>))]
public sealed record RestartPolicy : IStringValue<RestartPolicy>
{
    private RestartPolicy(string value) => Value = value;

    static TextRule IStringValue<RestartPolicy>.Rule { get; } = new(
        "^(no|always|unless-stopped|on-failure(:[1-9][0-9]{0,5})?)$",
        "no, always, unless-stopped, on-failure or on-failure:COUNT");

    /// <inheritdoc/>
    public string Value { get; }

    /// <summary>The policy without its count.</summary>
    public string Name => Value.Split(':')[0];

    /// <summary>The maximum number of restarts after failures; 0 for no limit.</summary>
    public int Count => Value.Split(':') is [_, var count] ? int.Parse(count, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    static RestartPolicy IStringValue<RestartPolicy>.Create(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Converts text to a policy.</summary>
    /// <exception cref="FormatException">The text is not a restart policy.</exception>
    public static implicit operator RestartPolicy(string text) => Text.Parse<RestartPolicy>(text);
}
