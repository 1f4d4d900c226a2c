namespace Osapi.Agent.Hosts.Services;

/// <summary>The section [Install] of a unit: the links that enable it.</summary>
/// <param name="Links">The paths of the links.</param>
/// <param name="Also">The units that are enabled with it.</param>
/// <param name="IsKnown">False when a link depends on a specifier, which only systemd resolves.</param>
internal sealed record UnitInstallation(IReadOnlyList<string> Links, IReadOnlyList<string> Also, bool IsKnown)
{
    // Chains of units that name each other.
    private const int MaxUnits = 20;

    private const int MaxFileBytes = 1024 * 1024;

    private static readonly IReadOnlyDictionary<string, string> Kinds = new Dictionary<string, string> { ["WantedBy"] = "wants", ["RequiredBy"] = "requires", ["UpheldBy"] = "upholds" };

    /// <summary>Reads the section from a unit's file and drop-ins.</summary>
    public static UnitInstallation Read(Host host, SystemdUnit unit)
    {
        UnitInstallation found = new([], [], IsKnown: true);
        foreach (var path in unit.DropIns.Prepend(unit.Fragment).OfType<string>())
            if (new FileInfo(host.FullPath(path)) is { Exists: true, Length: <= MaxFileBytes })
                found = found.With(unit.Id, host.Read(path));
        return found;
    }

    /// <summary>Decides whether enabling a unit would change nothing; null when only systemd can tell.</summary>
    public static Task<bool?> IsCompleteAsync(Host host, SystemdUnit unit, CancellationToken cancellationToken) => IsCompleteAsync(host, unit, [], cancellationToken);

    /// <summary>Gets the links that are there for a unit, whatever its file says: those that disabling it would remove.</summary>
    public static IEnumerable<string> LinksOf(Host host, string unit) =>
        from root in (string[])[UnitFile.Directory, "/run/systemd/system"]
        where Directory.Exists(host.FullPath(root))
        from directory in Directory.EnumerateDirectories(host.FullPath(root))
        where Kinds.Values.Any(kind => directory.EndsWith("." + kind, StringComparison.Ordinal)) && new FileInfo(Path.Join(directory, unit)).LinkTarget is not null
        select $"{root}/{Path.GetFileName(directory)}/{unit}";

    private static async Task<bool?> IsCompleteAsync(Host host, SystemdUnit unit, HashSet<string> seen, CancellationToken cancellationToken)
    {
        if (!seen.Add(unit.Id) || seen.Count > MaxUnits)
            return seen.Count > MaxUnits ? null : true;
        var installation = Read(host, unit);
        if (installation.Links.Any(link => UnitFile.LinkAt(host, link) is null))
            return false;
        bool? complete = installation.IsKnown ? true : null;
        foreach (var name in installation.Also)
        {
            var also = await SystemdUnit.ReadAsync(host, name, cancellationToken);
            var part = also.IsFound && !also.IsMasked ? await IsCompleteAsync(host, also, seen, cancellationToken) : null;
            if (part == false)
                return false;
            complete = part is null ? null : complete;
        }

        return complete;
    }

    private UnitInstallation With(string unit, string text)
    {
        Dictionary<string, List<string>> values = new(StringComparer.Ordinal);
        var inside = false;
        foreach (var line in text.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n').Select(line => line.Trim()))
            if (line.StartsWith('['))
                inside = line == "[Install]";
            else if (inside && line.Length > 0 && line[0] is not ('#' or ';') && line.IndexOf('=', StringComparison.Ordinal) is > 0 and var at)
                Add(values, line[..at].TrimEnd(), line[(at + 1)..]);

        List<string> links = [.. Links];
        foreach (var (key, names) in values)
            if (Kinds.TryGetValue(key, out var kind))
                links.AddRange(names.Select(name => $"{UnitFile.Directory}/{name}.{kind}/{unit}"));
            else if (key == "Alias")
                links.AddRange(names.Select(name => $"{UnitFile.Directory}/{name}"));
        // Names come from files of the host: one that is no name would lead elsewhere.
        var usable = links.Where(link => !link.Contains("..", StringComparison.Ordinal) && !link.Contains('%', StringComparison.Ordinal)).ToList();
        return new(usable, [.. Also, .. values.GetValueOrDefault("Also", []).Where(name => !name.StartsWith('-'))], IsKnown && usable.Count == links.Count);
    }

    private static void Add(Dictionary<string, List<string>> values, string key, string value)
    {
        var words = value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (!values.TryGetValue(key, out var list))
            values[key] = list = [];
        // An empty value takes back those before.
        if (words.Length == 0)
            list.Clear();
        list.AddRange(words);
    }
}
