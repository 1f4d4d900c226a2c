namespace Osapi.Cli.Rendering;

/// <summary>The text form of a list of hosts.</summary>
internal static class HostNames
{
    private const int MaxListed = 3;

    /// <summary>Joins the names: all of up to three, and of more the first two and the number of the others: <c>web-01, web-02 and 3 more</c>.</summary>
    public static string Join(IReadOnlyList<string> names) =>
        names.Count <= MaxListed ? string.Join(", ", names) : $"{string.Join(", ", names.Take(MaxListed - 1))} and {names.Count - MaxListed + 1} more";
}
