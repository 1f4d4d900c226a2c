using Osapi.Agent.Hosts;
using Osapi.Operations.Checks;

namespace Osapi.Agent.Files;

/// <summary>The difference between two versions of a file, as a check shows it.</summary>
/// <param name="Shown">The diff of the text; sizes and hashes instead when the file is not world-readable.</param>
/// <param name="Content">The diff of the text when it is restricted and the caller may see it.</param>
internal readonly record struct FileDifference(string? Shown, string? Content)
{
    /// <summary>Compares two versions of a file.</summary>
    /// <param name="host">The host, which knows the caller's permissions.</param>
    /// <param name="path">The file.</param>
    /// <param name="before">The current content; null when there is no file.</param>
    /// <param name="after">The new content; null when the file is removed.</param>
    /// <param name="isPublic">True when both are world-readable.</param>
    /// <param name="hasSecrets">True when the new content was made with secrets, which nobody is shown.</param>
    public static FileDifference Of(Host host, string path, FileVersion? before, FileVersion? after, bool isPublic, bool hasSecrets = false)
    {
        if (hasSecrets)
            return new(ContentDiff.SizesOf(path, before, after), null);
        if (isPublic)
            return new(ContentDiff.Of(path, before, after), null);
        var sizes = ContentDiff.SizesOf(path, before, after);
        var content = host.ShowsContent ? ContentDiff.Of(path, before, after) : null;
        return new(sizes, content == sizes ? null : content);
    }
}
