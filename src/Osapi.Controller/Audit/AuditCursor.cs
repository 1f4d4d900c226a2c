using System.Globalization;

namespace Osapi.Controller.Audit;

/// <summary>The place in each chain where a page begins.</summary>
/// <remarks>Written as <c>CHAIN.NUMBER</c>, separated by <c>~</c>. A chain that is not named has no more entries.</remarks>
internal sealed class AuditCursor
{
    private readonly Dictionary<string, long>? before;

    private AuditCursor(Dictionary<string, long>? before) => this.before = before;

    /// <summary>Gets the number before which a chain is read; null for a chain without more entries.</summary>
    public long? Before(string chain) => before is null ? long.MaxValue : before.TryGetValue(chain, out var number) ? number : null;

    /// <summary>Writes a cursor.</summary>
    public static string Of(IEnumerable<(string Chain, long Before)> chains) =>
        string.Join('~', chains.Select(chain => string.Create(CultureInfo.InvariantCulture, $"{chain.Chain}.{chain.Before}")));

    /// <summary>Parses a cursor; null for the first page is one that begins with the newest entries. Null when it is not a cursor.</summary>
    public static AuditCursor? Parse(string? text)
    {
        if (text is null)
            return new(null);
        Dictionary<string, long> before = [];
        foreach (var part in text.Split('~'))
            if (part.Split('.') is not [var chain, var digits] || !AuditFiles.IsChain(chain) || !long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || !before.TryAdd(chain, number))
                return null;
        return new(before);
    }
}
