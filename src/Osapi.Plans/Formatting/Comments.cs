using Osapi.Plans.Yaml;
using YamlDotNet.Core;
using YamlDotNet.Core.Tokens;

namespace Osapi.Plans.Formatting;

/// <summary>The comments of a file, in their order.</summary>
internal static class Comments
{
    public static IReadOnlyList<string> Of(SourceText source)
    {
        List<string> comments = [];
        using StringReader reader = new(source.ToString());
        Scanner scanner = new(reader, skipComments: false);
        while (scanner.MoveNext() && scanner.Current is not (null or Error))
            if (scanner.Current is Comment comment)
                comments.Add(comment.Value.Trim());
        return comments;
    }
}
