using System.Globalization;
using System.Text;

namespace Osapi.Agent.Hosts.Disks;

/// <summary>One line of a mount table (proc_pid_mountinfo(5)).</summary>
/// <param name="Id">The id of the mount.</param>
/// <param name="Parent">The id of the parent mount.</param>
/// <param name="Device">The file system's device number, the same for every bind mount and subvolume of it.</param>
/// <param name="Root">The mounted directory of the file system: <c>/</c> for all of it.</param>
/// <param name="Point">The mount point.</param>
/// <param name="Type">The file system's type.</param>
internal sealed record Mount(int Id, int Parent, string Device, string Root, string Point, string Type)
{
    /// <summary>Parses a mount table; invalid lines are skipped.</summary>
    public static IReadOnlyList<Mount> ParseAll(string text) => [.. text.Split('\n').Select(Parse).OfType<Mount>()];

    private static Mount? Parse(string line)
    {
        // 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw: a hyphen ends the optional fields.
        var fields = line.Split(' ');
        var hyphen = Array.IndexOf(fields, "-", Math.Min(6, fields.Length));
        return hyphen > 0 && hyphen + 1 < fields.Length
            && int.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            && int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var parent)
            && Unescape(fields[4]) is ['/', ..] point
                ? new(id, parent, fields[2], Unescape(fields[3]), point, fields[hyphen + 1])
                : null;
    }

    /// <summary>
    /// Decodes the escapes of space, tab, newline and backslash: <c>\040</c>, <c>\011</c>, <c>\012</c> and <c>\134</c>.
    /// </summary>
    private static string Unescape(string field)
    {
        if (!field.Contains('\\', StringComparison.Ordinal))
            return field;
        StringBuilder text = new(field.Length);
        for (var at = 0; at < field.Length; at++)
            if (field[at] == '\\' && at + 3 < field.Length && Octal(field.AsSpan(at + 1, 3)) is { } character)
            {
                text.Append(character);
                at += 3;
            }
            else
            {
                text.Append(field[at]);
            }

        return text.ToString();
    }

    private static char? Octal(ReadOnlySpan<char> digits) =>
        digits.ContainsAnyExceptInRange('0', '7') ? null
        : (digits[0] - '0') * 64 + (digits[1] - '0') * 8 + (digits[2] - '0') is > 0 and < 128 and var code ? (char)code
        : null;
}
