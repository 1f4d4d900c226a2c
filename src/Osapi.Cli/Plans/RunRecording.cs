using System.Text;
using Osapi.Cli.Yaml;
using Osapi.Operations.Runs;

namespace Osapi.Cli.Plans;

/// <summary>The files of a plan that the record of a run keeps, so that it can be resumed without them.</summary>
internal static class RunRecording
{
    // The controller takes no more. A larger plan can be resumed where its files are.
    private const int MaxFileBytes = 512 * 1024;

    /// <summary>Returns the files of a plan, the plan file first; empty when they are too large.</summary>
    public static IReadOnlyList<RunFile> FilesOf(string path, SourceFiles sources)
    {
        List<RunFile> files = [.. sources.Contents.OrderBy(file => file.Key != path).Select(file => new RunFile(FullName(file.Key), Encoding.UTF8.GetString(file.Value)))];
        return files.Sum(file => (long)Encoding.UTF8.GetByteCount(file.Text)) <= MaxFileBytes ? files : [];
    }

    private static string FullName(string path) => path == "-" ? path : Path.GetFullPath(path);
}
