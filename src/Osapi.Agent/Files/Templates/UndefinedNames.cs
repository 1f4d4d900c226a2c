using System.Globalization;

namespace Osapi.Agent.Files.Templates;

/// <summary>The undefined names that a template reads, in order.</summary>
internal sealed class UndefinedNames
{
    // A loop over a long list can report an undefined name for each element.
    private const int MaxNames = 100;

    private readonly HashSet<string> known = new(StringComparer.Ordinal);
    private readonly List<string> reported = [];

    public int Count => known.Count;

    public void Add(string name)
    {
        if (known.Add(name) && reported.Count < MaxNames)
            reported.Add(name);
    }

    public override string ToString() =>
        string.Join(", ", reported) + (known.Count > reported.Count ? string.Create(CultureInfo.InvariantCulture, $" and {known.Count - reported.Count} more") : "");
}
