using System.Globalization;
using System.Text.Unicode;

namespace Osapi.Agent.Files;

/// <summary>The difference between a file's content and what it shall be: a unified diff of text, sizes and hashes of anything else.</summary>
internal static class ContentDiff
{
    // Larger ones nobody reads, and the answer to a check travels with the job.
    private const int Largest = 256 * 1024;

    public static string Of(string path, FoundFile? found, FileContent content)
    {
        var before = found is null ? [] : found.Bytes;
        return IsText(before) && IsText(content.Bytes)
            ? UnifiedDiff.Of(found is null ? "/dev/null" : path, path, Text(before!), Text(content.Bytes!))
            : $"{Words(path, found)} -> {Size(content.Size)}, sha256 {content.Sha256}\n";
    }

    public static string OfRemoval(string path, FoundFile found) => IsText(found.Bytes)
        ? UnifiedDiff.Of(path, "/dev/null", Text(found.Bytes!), "")
        : $"{Words(path, found)} -> none\n";

    // A NUL in text is what diff(1) and git take binary files by, too.
    private static bool IsText(byte[]? bytes) => bytes is not null && bytes.Length <= Largest && Utf8.IsValid(bytes) && !bytes.AsSpan().Contains((byte)0);

    private static string Text(byte[] bytes) => System.Text.Encoding.UTF8.GetString(bytes);

    private static string Words(string path, FoundFile? found) => found is null ? $"{path}: none" : $"{path}: {Size(found.Stat.Size)}, sha256 {found.Sha256}";

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes");
}
