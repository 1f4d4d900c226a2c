using System.IO.Enumeration;
using System.Text;
using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Files.Archives;

/// <summary>Finds the place of each entry of an archive below the directory, and refuses an archive that has an entry anywhere else.</summary>
/// <param name="request">The extraction.</param>
internal sealed class EntryPlaces(ExtractArchive request)
{
    /// <summary>The largest number of entries, and of bytes in all files.</summary>
    public const int MaxEntries = 200_000;

    /// <inheritdoc cref="MaxEntries"/>
    public const long MaxBytes = 10L * 1024 * 1024 * 1024;

    // Deep names have many directories above them, whose names are kept.
    private const long MaxCharacters = 50_000_000;

    private const int MaxNameBytes = 255, MaxPathBytes = 4000, MaxDepth = 100;

    // Every place, and the directories above it.
    private readonly Dictionary<string, ArchiveEntryKind> places = new(StringComparer.Ordinal);
    private long count;
    private long bytes;
    private long characters;

    /// <summary>Gets the place of an entry, the names from the directory on; null when it is left out.</summary>
    /// <exception cref="OperationException">The archive is hostile, or too large.</exception>
    public string[]? Find(ArchiveEntry entry)
    {
        bytes += entry.Size;
        if (++count > MaxEntries || bytes > MaxBytes)
            throw Refused($"it has more than {(count > MaxEntries ? $"{MaxEntries} entries" : $"{MaxBytes} bytes")}");
        var names = NamesOf(entry.Name);
        if (entry.Kind == ArchiveEntryKind.Link)
            RequireInside(entry, names);
        var strip = request.Strip ?? 0;
        if (names.Length <= strip || ((request.Include ?? request.Exclude) is not null && !IsSelected(names)))
            return null;
        names = names[strip..];
        Add(entry, names);
        return names;
    }

    /// <summary>Gets the place of the file that a hard link is another name of.</summary>
    /// <exception cref="OperationException">It is no file of this archive.</exception>
    public string[] FindTarget(ArchiveEntry entry)
    {
        var names = NamesOf(entry.Target!);
        if (names.Length > (request.Strip ?? 0) && names[(request.Strip ?? 0)..] is var place && places.GetValueOrDefault(string.Join('/', place), ArchiveEntryKind.Directory) == ArchiveEntryKind.File)
            return place;
        throw Refused($"'{Shown(entry.Name)}' is another name of '{Shown(entry.Target!)}', which is no file that is extracted before it");
    }

    private static string[] NamesOf(string name)
    {
        if (name.StartsWith('/'))
            throw Refused($"'{Shown(name)}' has an absolute name");
        string[] names = [.. name.Split('/').Where(part => part is not ("" or "."))];
        if (names.Contains(".."))
            throw Refused($"'{Shown(name)}' leaves the directory");
        if (ControlCharacters.AreIn(name) || name.Contains('\uFFFD', StringComparison.Ordinal))
            throw Refused($"'{Shown(name)}' has control characters, or is not UTF-8");
        if (names.Length > MaxDepth || Encoding.UTF8.GetByteCount(name) > MaxPathBytes || names.Any(part => Encoding.UTF8.GetByteCount(part) > MaxNameBytes))
            throw Refused($"'{Shown(name[..Math.Min(100, name.Length)])}...' is too long");
        return names;
    }

    // Going up is possible at the beginning only: a name before it may be a link, from where up is elsewhere.
    private void RequireInside(ArchiveEntry entry, string[] names)
    {
        var parts = entry.Target!.Split('/').Where(part => part is not ("" or ".")).ToList();
        var up = parts.TakeWhile(part => part == "..").Count();
        if (entry.Target.StartsWith('/') || entry.Target.Length == 0 || up > Math.Max(0, names.Length - 1 - (request.Strip ?? 0)) || parts.Skip(up).Contains("..") || entry.Target.Contains('\0', StringComparison.Ordinal))
            throw Refused($"'{Shown(entry.Name)}' is a symbolic link to '{Shown(entry.Target)}', which may leave the directory");
    }

    private bool IsSelected(string[] names)
    {
        var paths = Enumerable.Range(1, names.Length).Select(length => string.Join('/', names.Take(length))).ToList();
        return (request.Include is not { } include || Matches(include, paths)) && (request.Exclude is not { } exclude || !Matches(exclude, paths));
    }

    private static bool Matches(IReadOnlyList<string> patterns, List<string> paths) =>
        patterns.Any(pattern => paths.Exists(path => FileSystemName.MatchesSimpleExpression(pattern.TrimEnd('/'), path, ignoreCase: false)));

    private void Add(ArchiveEntry entry, string[] names)
    {
        for (var length = 1; length < names.Length; length++)
            if (Keep(string.Join('/', names.Take(length)), ArchiveEntryKind.Directory) is { } above && above != ArchiveEntryKind.Directory)
                throw Refused($"'{Shown(entry.Name)}' is below '{Shown(string.Join('/', names.Take(length)))}', which is no directory in it");
        if (Keep(string.Join('/', names), entry.Kind) is { } known && (entry.Kind, known) != (ArchiveEntryKind.Directory, ArchiveEntryKind.Directory))
            throw Refused($"it has '{Shown(string.Join('/', names))}' twice");
    }

    // Returns the kind that the place has already.
    private ArchiveEntryKind? Keep(string place, ArchiveEntryKind kind)
    {
        if (places.TryGetValue(place, out var known))
            return known;
        places.Add(place, kind);
        characters += place.Length;
        return characters <= MaxCharacters ? null : throw Refused("its names are too large together");
    }

    private static OperationException Refused(string reason) => new(ErrorType.Conflict, $"the archive is not extracted: {reason}");

    private static string Shown(string name) => ControlCharacters.Escape(name);
}
