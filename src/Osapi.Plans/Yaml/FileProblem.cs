using YamlDotNet.Core;

namespace Osapi.Plans.Yaml;

/// <summary>A problem in a file.</summary>
/// <param name="Line">The position, from 1.</param>
/// <param name="Column">The position, from 1, in UTF-16 characters.</param>
/// <param name="Message">The message.</param>
internal sealed record FileProblem(long Line, long Column, string Message)
{
    /// <summary>The included file, or the file of variables; null for the plan file itself.</summary>
    public string? File { get; init; }

    /// <summary>The number of characters of the line that the problem concerns; null for the token at the position.</summary>
    public int? Length { get; init; }

    /// <summary>The file, for excerpts; null when it is not known, or has no text.</summary>
    public SourceText? Source { get; init; }

    /// <summary>The line as it was probably meant; null when that cannot be known.</summary>
    public string? Correction { get; init; }

    public static FileProblem At(Mark mark, string message, int? length = null) => new(mark.Line, mark.Column, message) { Length = length };

    public override string ToString() => $"{Line}:{Column}: {Message}";

    /// <summary>Returns the problem with the name of its file.</summary>
    /// <param name="planFile">The name of the plan file.</param>
    public string In(string planFile) => $"{File ?? planFile}:{this}";
}
