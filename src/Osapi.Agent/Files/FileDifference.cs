using Osapi.Agent.Hosts;
using Osapi.Operations.Checks;

namespace Osapi.Agent.Files;

/// <summary>The difference of a file as a check shows it: what everybody may see, and what only some may.</summary>
/// <param name="Shown">The text's difference; sizes and hashes instead when not everybody on the host may read it.</param>
/// <param name="Content">The text's difference, when it is not shown to all, and the caller may see it.</param>
internal readonly record struct FileDifference(string? Shown, string? Content)
{
    /// <summary>Compares two versions of a file.</summary>
    /// <param name="host">The host, which knows what the caller may see.</param>
    /// <param name="path">The file.</param>
    /// <param name="before">The content as it is; null when there is no file.</param>
    /// <param name="after">The content as it would be; null when there would be no file.</param>
    /// <param name="isPublic">True when everybody on the host may read either of them.</param>
    public static FileDifference Of(Host host, string path, FileVersion? before, FileVersion? after, bool isPublic)
    {
        if (isPublic)
            return new(ContentDiff.Of(path, before, after), null);
        var sizes = ContentDiff.SizesOf(path, before, after);
        var content = host.ShowsContent ? ContentDiff.Of(path, before, after) : null;
        return new(sizes, content == sizes ? null : content);
    }
}
