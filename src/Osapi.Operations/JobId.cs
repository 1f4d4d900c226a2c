using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations;

/// <summary>The id of a job: a UUID (RFC 9562), written with hyphens and in lower case.</summary>
[JsonConverter(typeof(JobIdConverter)), ResourceName]
public readonly record struct JobId : IParsable<JobId>
{
    private readonly Guid value;

    private JobId(Guid value) => this.value = value;

    /// <summary>True for the id of zeros, which no job has: a caller sends it by forgetting to choose an id.</summary>
    public bool IsEmpty => value == Guid.Empty;

    /// <summary>Generates a new id. Ids that are generated later sort after earlier ones (version 7).</summary>
    public static JobId New() => new(Guid.CreateVersion7());

    /// <summary>Parses an id in any case.</summary>
    /// <exception cref="FormatException">The text is not a UUID with hyphens.</exception>
    public static JobId Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is not {JobIdConverter.JobIdRule.Description}.");

    /// <summary>Parses an id in any case; false when the text is not a UUID with hyphens.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, out JobId result) => TryParse(s, provider: null, out result);

    /// <inheritdoc cref="TryParse(string?, out JobId)"/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out JobId result)
    {
        var parsed = Guid.TryParseExact(s, "D", out var value);
        result = new(value);
        return parsed;
    }

    /// <summary>Parses an id in its canonical form; false also for any other spelling of a UUID.</summary>
    internal static bool TryParseCanonical([NotNullWhen(true)] string? s, out JobId result) => TryParse(s, out result) && result.ToString() == s;

    /// <summary>Converts a UUID to the id of a job.</summary>
    public static implicit operator JobId(Guid value) => new(value);

    /// <summary>Returns the UUID.</summary>
    public Guid ToGuid() => value;

    /// <inheritdoc/>
    public override string ToString() => value.ToString("D");
}
