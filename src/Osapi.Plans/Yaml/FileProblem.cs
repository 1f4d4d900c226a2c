using YamlDotNet.Core;

namespace Osapi.Plans.Yaml;

/// <summary>A problem in a file.</summary>
/// <param name="Line">The position, from 1.</param>
/// <param name="Column">The position, from 1.</param>
/// <param name="Message">The message.</param>
internal sealed record FileProblem(long Line, long Column, string Message)
{
    /// <summary>The included file, or the file of variables; null for the plan file itself.</summary>
    public string? File { get; init; }

    public static FileProblem At(Mark mark, string message) => new(mark.Line, mark.Column, message);

    public override string ToString() => $"{Line}:{Column}: {Message}";

    /// <summary>Returns the problem with the name of its file.</summary>
    /// <param name="planFile">The name of the plan file.</param>
    public string In(string planFile) => $"{File ?? planFile}:{this}";
}
