using Osapi.Operations.Json;

namespace Osapi.Operations.Runs;

/// <summary>The inputs that a controller needs to run a plan in the caller's place: everything that the caller's machine would give while the plan runs.</summary>
/// <remarks>They are sealed to the controllers, shown to nobody, and removed when the run ends. All texts together have at most 128 KiB.</remarks>
public sealed record DetachedInputs
{
    /// <summary>The values of the secrets that the plan reads, by name; empty for a plan without any.</summary>
    public IReadOnlyDictionary<string, string> Secrets { get => field ?? new Dictionary<string, string>(); init; }

    /// <summary>The variables of the environment that the plan reads, by name; for the plan there are no others.</summary>
    public IReadOnlyDictionary<string, string> Environment { get => field ?? new Dictionary<string, string>(); init; }

    /// <summary>The local files that tasks of the plan upload, which the caller has stored before; empty for a plan without any.</summary>
    [Length(0, 1000)] public IReadOnlyList<StagedFile> Uploads { get => field ?? []; init; }

    /// <summary>True when the plan reads the facts of hosts; default: false.</summary>
    public bool? ReadsFacts { get; init; }

    /// <summary>Of a run that is handed over again, true to give what failed, was cancelled or was skipped a new attempt; default: false.</summary>
    public bool? RetryFailed { get; init; }

    /// <summary>Of a run that is handed over again, the cells that run again even if it is not known whether they have run, as <c>TASK</c> or <c>TASK@HOST</c>.</summary>
    [Length(0, 1000)] public IReadOnlyList<string> Rerun { get => field ?? []; init; }
}

/// <summary>A local file of a plan whose content is stored until the run ends.</summary>
/// <param name="Path">The path as the task has it, absolute.</param>
/// <param name="Sha256">The SHA-256 of the content, in lower-case hexadecimal digits. The content is stored as <c>osapi.runs/</c>, the id of the run, a slash, and this digest.</param>
public sealed record StagedFile([property: Length(1, 4096), NoNul] string Path, [property: Length(64, 64), NoNul] string Sha256)
{
    /// <summary>The prefix of the names of stored files that belong to runs.</summary>
    public const string NamePrefix = "osapi.runs/";

    /// <summary>Gets the name of the stored file with the content.</summary>
    /// <param name="run">The run.</param>
    public string NameIn(RunId run) => $"{NamePrefix}{run}/{Sha256}";
}
