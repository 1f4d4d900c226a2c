using YamlDotNet.Core;

namespace Osapi.Cli.Yaml;

/// <summary>One mistake in a file.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Message">What is wrong.</param>
internal sealed record FileProblem(long Line, long Column, string Message)
{
    public static FileProblem At(Mark mark, string message) => new(mark.Line, mark.Column, message);

    public override string ToString() => $"{Line}:{Column}: {Message}";
}
