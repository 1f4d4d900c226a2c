using System.Reflection;
using Osapi.Operations;

namespace Osapi.Docs.Tests;

/// <summary>A page of the documentation.</summary>
/// <param name="Path">Its path from the repository.</param>
internal sealed record Page(string Path)
{
    public static string Repository { get; } = System.IO.Path.GetFullPath(System.IO.Path.Combine(
        typeof(Page).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "ProjectDirectory").Value!, "..", ".."));

    /// <summary>Every page of the documentation.</summary>
    public static IReadOnlyList<Page> All { get; } =
    [
        .. Directory.GetFiles(Repository, "*.md")
            .Concat(Directory.GetFiles(System.IO.Path.Combine(Repository, "docs"), "*.md", SearchOption.AllDirectories))
            .Concat(Directory.GetFiles(System.IO.Path.Combine(Repository, "bench"), "*.md"))
            // The pages of the NuGet packages.
            .Concat(Directory.GetDirectories(System.IO.Path.Combine(Repository, "src")).Select(directory => System.IO.Path.Combine(directory, "README.md")).Where(File.Exists))
            .Select(path => new Page(System.IO.Path.GetRelativePath(Repository, path)))
            .OrderBy(page => page.Path, StringComparer.Ordinal),
    ];

    public string FullPath => System.IO.Path.Combine(Repository, Path);

    public string[] Lines => field ??= File.ReadAllLines(FullPath);

    /// <summary>Gets the fenced blocks of a language.</summary>
    public IEnumerable<Sample> Samples(string language)
    {
        for (var line = 0; line < Lines.Length; line++)
        {
            if (Lines[line].Trim() != "```" + language)
                continue;
            var end = Array.FindIndex(Lines, line + 1, text => text.Trim() == "```");
            yield return new(this, line + 1, string.Join('\n', Lines[(line + 1)..end]), Given(line)) { IsFile = line > 0 && Lines[line - 1].StartsWith("<!-- file: ", StringComparison.Ordinal) };
            line = end;
        }
    }

    // The reference states once, on its first page, what all its samples assume.
    private static readonly string ReferenceGiven = "Osapi.Client.OsapiClient client; using "
        + string.Join("; using ", typeof(Operation).Assembly.GetExportedTypes().Select(type => type.Namespace).Distinct());

    // A comment, which readers do not see, before the fence has the declarations that the sample assumes.
    private string? Given(int fence) =>
        Path.StartsWith("docs/operations/", StringComparison.Ordinal) ? ReferenceGiven : fence > 0 && Lines[fence - 1].Trim() is ['<', '!', '-', '-', .. var comment, '-', '-', '>'] && comment.Trim().StartsWith("given ", StringComparison.Ordinal)
            ? comment.Trim()["given ".Length..]
            : null;
}

/// <summary>A fenced block.</summary>
/// <param name="Page">The page.</param>
/// <param name="Line">The line of its fence, from 1.</param>
/// <param name="Text">The content.</param>
/// <param name="Given">The declarations that it assumes; null for none.</param>
internal sealed record Sample(Page Page, int Line, string Text, string? Given)
{
    /// <summary>True for a whole file of a program, which another suite builds.</summary>
    public bool IsFile { get; init; }

    public override string ToString() => $"{Page.Path}:{Line}";
}
