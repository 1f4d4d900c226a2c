using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Osapi.Operations.Checks;

/// <summary>The difference between two contents of a file: a unified diff of text, sizes and hashes of anything else.</summary>
public static class ContentDiff
{
    /// <summary>The most bytes that are compared as text, 256 KiB: a longer diff nobody reads, and the answer to a check travels with the job.</summary>
    public const int MaxSize = 256 * 1024;

    /// <summary>The diff, with a line break at its end; empty when both are the same text.</summary>
    /// <param name="name">What the file is called.</param>
    /// <param name="before">The content as it is; null when there is no file.</param>
    /// <param name="after">The content as it would be; null when there would be no file.</param>
    public static string Of(string name, FileVersion? before, FileVersion? after)
    {
        if (!IsText(before) || !IsText(after))
            return SizesOf(name, before, after);
        var diff = UnifiedDiff.Of(before is null ? "/dev/null" : name, after is null ? "/dev/null" : name, Text(before), Text(after));
        // An empty file that comes or goes has no line to show.
        return diff.Length == 0 && before is null != after is null ? SizesOf(name, before, after) : diff;
    }

    /// <summary>The sizes and hashes of both, with a line break at its end, which say nothing of the content.</summary>
    /// <inheritdoc cref="Of"/>
    public static string SizesOf(string name, FileVersion? before, FileVersion? after) => $"{name}: {Describe(before)} -> {Describe(after)}\n";

    // A NUL in text is what diff(1) and git take binary files by, too.
    private static bool IsText(FileVersion? version) =>
        version is null || (version.Bytes is { } bytes && bytes.Length <= MaxSize && Utf8.IsValid(bytes) && !bytes.AsSpan().Contains((byte)0));

    private static string Text(FileVersion? version) => version?.Bytes is { } bytes ? Encoding.UTF8.GetString(bytes) : "";

    private static string Describe(FileVersion? version) =>
        version is null ? "none" : string.Create(CultureInfo.InvariantCulture, $"{version.Size} {(version.Size == 1 ? "byte" : "bytes")}, sha256 {version.Sha256}");
}

/// <summary>The content of a file at one moment.</summary>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Sha256">Its SHA-256, lower-case hexadecimal; null for what is no regular file.</param>
/// <param name="Bytes">The content itself; null when it is too large to be looked into.</param>
public sealed record FileVersion(long Size, string? Sha256, byte[]? Bytes);
