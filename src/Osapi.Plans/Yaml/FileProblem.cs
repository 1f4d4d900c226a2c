using YamlDotNet.Core;

namespace Osapi.Plans.Yaml;

/// <summary>A problem in a file.</summary>
/// <param name="Line">The position, from 1.</param>
/// <param name="Column">The position, from 1.</param>
/// <param name="Message">The message.</param>
internal sealed record FileProblem(long Line, long Column, string Message)
{
    public static FileProblem At(Mark mark, string message) => new(mark.Line, mark.Column, message);

    public override string ToString() => $"{Line}:{Column}: {Message}";
}
