using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Osapi.Operations.Checks;

/// <summary>Describes the difference between two versions of a file: a unified diff for text, sizes and hashes for anything else.</summary>
internal static class ContentDiff
{
    /// <summary>The maximum size that is compared as text, 256 KiB. A longer diff is of no use to a reader, and the result of a check travels with the job.</summary>
    public const int MaxSize = 256 * 1024;

    /// <summary>Returns the diff, which ends with a line break; empty when both are the same text.</summary>
    /// <param name="name">The name of the file in the diff.</param>
    /// <param name="before">The current content; null when there is no file.</param>
    /// <param name="after">The content after the change; null when there would be no file.</param>
    public static string Of(string name, FileVersion? before, FileVersion? after)
    {
        if (!IsText(before) || !IsText(after))
            return SizesOf(name, before, after);
        var diff = UnifiedDiff.Of(before is null ? "/dev/null" : name, after is null ? "/dev/null" : name, Text(before), Text(after));
        // The diff of an empty file that is created or deleted has no lines.
        return diff.Length == 0 && before is null != after is null ? SizesOf(name, before, after) : diff;
    }

    /// <summary>Returns the sizes and hashes of both, ending with a line break, which reveal nothing of the content.</summary>
    /// <inheritdoc cref="Of"/>
    public static string SizesOf(string name, FileVersion? before, FileVersion? after) => $"{name}: {Describe(before)} -> {Describe(after)}\n";

    // diff(1) and git, too, take a file with a NUL byte for a binary file.
    private static bool IsText(FileVersion? version) =>
        version is null || (version.Bytes is { } bytes && bytes.Length <= MaxSize && Utf8.IsValid(bytes) && !bytes.AsSpan().Contains((byte)0));

    private static string Text(FileVersion? version) => version?.Bytes is { } bytes ? Encoding.UTF8.GetString(bytes) : "";

    private static string Describe(FileVersion? version) =>
        version is null ? "none" : string.Create(CultureInfo.InvariantCulture, $"{version.Size} {(version.Size == 1 ? "byte" : "bytes")}, sha256 {version.Sha256}");
}

/// <summary>A version of a file's content.</summary>
/// <param name="Size">The size in bytes.</param>
/// <param name="Sha256">The SHA-256, lower-case hexadecimal; null when it is not a regular file.</param>
/// <param name="Bytes">The content; null when it is too large to be compared.</param>
internal sealed record FileVersion(long Size, string? Sha256, byte[]? Bytes);
