using System.Text.Json;

namespace Osapi.Plans.Saved;

/// <summary>
/// A plan as it was shown by a check: everything it was read from, the hosts, and a print of what each decision rested on. It contains no secrets.
/// </summary>
internal sealed record SavedPlan
{
    public const string FormatName = "osapi.plan";
    public const int NewestVersion = 1;

    public required string Format { get; init; }

    public required int Version { get; init; }

    public required string Name { get; init; }

    /// <summary>The full path of the plan file.</summary>
    public required string Path { get; init; }

    /// <summary>The YAML files that the plan was read from: the plan itself, included files, files of variables.</summary>
    public required IReadOnlyList<SavedFile> Files { get; init; }

    /// <summary>The values of <c>--set</c>, as name and text.</summary>
    public required IReadOnlyList<IReadOnlyList<string>> Set { get; init; }

    /// <summary>The paths of <c>--vars-file</c>.</summary>
    public required IReadOnlyList<string> VariableFiles { get; init; }

    /// <summary>The variables of the environment that the plan read; null for one that there was not.</summary>
    public required IReadOnlyDictionary<string, string?> Environment { get; init; }

    /// <summary>The part of the plan; null for all of it.</summary>
    public SavedSelection? Selection { get; init; }

    /// <summary>The fingerprints of the keys of the hosts; null for a host without one.</summary>
    public required IReadOnlyDictionary<string, string?> Hosts { get; init; }

    /// <summary>The prints of what was shown.</summary>
    public required IReadOnlyList<StatePrint> Prints { get; init; }

    /// <summary>The report of the check, for people.</summary>
    public required JsonElement Shown { get; init; }
}

/// <summary>A file that a saved plan was read from.</summary>
/// <param name="Path">The path under which it was opened.</param>
/// <param name="Content">Its bytes, in base 64.</param>
internal sealed record SavedFile(string Path, byte[] Content);

/// <summary>The options that select a part of a plan.</summary>
internal sealed record SavedSelection(
    IReadOnlyList<string> Only, IReadOnlyList<string> Skip, IReadOnlyList<string> Tags, IReadOnlyList<string> SkipTags, string? StartAt, string? Limit);

/// <summary>A digest of what one decision rested on.</summary>
/// <param name="Task">The task.</param>
/// <param name="Host">The host; null for a task that runs on none, and for the call of a controller.</param>
/// <param name="Shown">What was shown, in a few words.</param>
/// <param name="Digest">The SHA-256 of the request, the status and the whole result of the check.</param>
internal sealed record StatePrint(string Task, string? Host, string Shown, string Digest);
