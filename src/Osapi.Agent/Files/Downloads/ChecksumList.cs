using System.Buffers;

namespace Osapi.Agent.Files.Downloads;

/// <summary>A list of checksums, as <c>sha256sum</c> writes it, also with <c>--tag</c>; or a single checksum.</summary>
internal static class ChecksumList
{
    /// <summary>The largest list.</summary>
    public const int MaxBytes = 1024 * 1024;

    private const int Digits = 64;

    private const string Tag = "SHA256 (";

    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>Finds the checksum of a file; null when the list has none, or different ones. A single checksum without a name is that of any file.</summary>
    public static string? Find(string list, string name)
    {
        var lines = list.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith('#')).Select(Parse).ToList();
        if (lines is [{ Name: "", Checksum: { } only }])
            return only;
        return lines.Where(line => line.Checksum is not null && Path.GetFileName(line.Name) == name).Select(line => line.Checksum).Distinct().ToList() is [var found] ? found : null;
    }

    private static (string? Checksum, string Name) Parse(string line)
    {
        if (line.StartsWith(Tag, StringComparison.Ordinal) && line.LastIndexOf(") = ", StringComparison.Ordinal) is > 0 and var end)
            return (Checksum(line[(end + 4)..]), line[Tag.Length..end]);
        if (line.Length == Digits)
            return (Checksum(line), "");
        // The name of a file that was read as binary has a star.
        return line.Length > Digits + 1 && line[Digits] == ' ' ? (Checksum(line[..Digits]), line[Digits..].TrimStart().TrimStart('*')) : (null, "");
    }

    private static string? Checksum(string text) => text.Length == Digits && !text.AsSpan().ContainsAnyExcept(Hexadecimal) ? text.ToLowerInvariant() : null;
}
