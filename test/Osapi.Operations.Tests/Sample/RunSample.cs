using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Sample;

/// <summary>Runs a command for a unit: every kind of member that a request may have.</summary>
public sealed record RunSample : IValidatable
{
    /// <summary>The unit, in the path.</summary>
    public required UnitName Unit { get; init; }

    /// <summary>The program.</summary>
    [Length(1, 4096)]
    public required string Command { get; init; }

    /// <summary>The arguments.</summary>
    [Length(0, 5)]
    public IReadOnlyList<string> Args { get => field ?? []; init; }

    /// <summary>The seconds; default 30.</summary>
    [Range(1, 300)]
    public int? Timeout { get; init; }

    /// <summary>A number that exceeds <c>int</c>.</summary>
    public long? Bytes { get; init; }

    /// <summary>A fraction.</summary>
    [Range(0, 1)]
    public double? Share { get; init; }

    /// <summary>A number without a limit.</summary>
    public double? Weight { get; init; }

    /// <summary>An exact number.</summary>
    [Range(-10, 10)]
    public decimal? Price { get; init; }

    /// <summary>Environment variables.</summary>
    [Length(0, 3)]
    public IReadOnlyDictionary<string, string> Env { get => field ?? new Dictionary<string, string>(); init; }

    /// <summary>Other units and their weights.</summary>
    public IReadOnlyDictionary<string, int>? Weights { get; init; }

    /// <summary>Units by role.</summary>
    public IReadOnlyDictionary<string, UnitName>? Roles { get; init; }

    /// <summary>The working directory.</summary>
    public string? Cwd { get; init; }

    /// <summary>The mode.</summary>
    public SampleMode? Mode { get; init; }

    /// <summary>Modes to fall back to.</summary>
    public IReadOnlyList<SampleMode> Fallbacks { get => field ?? []; init; }

    /// <summary>The owner of the result.</summary>
    public SampleOwner? Owner { get; init; }

    /// <summary>The mounts.</summary>
    [Length(0, 2)]
    public IReadOnlyList<SampleMount> Mounts { get => field ?? []; init; }

    /// <summary>Units to run afterwards, in this order.</summary>
    public IReadOnlyList<UnitName> Then { get => field ?? []; init; }

    /// <summary>True to run in the background.</summary>
    public bool? Detached { get; init; }

    /// <summary>Any JSON object.</summary>
    public JsonObject? Vars { get; init; }

    IEnumerable<Problem> IValidatable.Validate()
    {
        if (Detached == true && Timeout is not null)
            yield return new("timeout", "must not be given with detached");
        if (Owner?.Name == Unit.Value)
            yield return new("", "owner and unit must differ");
    }
}

/// <summary>A nested record.</summary>
public sealed record SampleOwner
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The number.</summary>
    [Range(0, 65535)]
    public int? Id { get; init; }
}

/// <summary>A record in a list.</summary>
public sealed record SampleMount
{
    /// <summary>The source.</summary>
    [Length(1, 10)]
    public required string Source { get; init; }

    /// <summary>The labels.</summary>
    [Length(0, 2)]
    public IReadOnlyList<string> Labels { get => field ?? []; init; }
}

/// <summary>The mode of reading.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<SampleMode>))]
public enum SampleMode
{
    Raw,
    Template,
    WordByWord,
}
