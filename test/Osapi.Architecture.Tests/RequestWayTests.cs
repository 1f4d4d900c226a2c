using System.Globalization;
using System.Text.RegularExpressions;

namespace Osapi.Architecture.Tests;

/// <summary>Tests of the way of a request, as the page about the architecture describes it.</summary>
public sealed partial class RequestWayTests
{
    private const int MostFiles = 45;

    private static readonly string Section = SectionOf("## The way of a request");

    private static readonly IReadOnlyList<(string Project, int Count, IReadOnlyList<string> Files)> Rows =
        [.. ProjectRow.Matches(Section).Select(row => (
            row.Groups["project"].Value,
            int.Parse(row.Groups["count"].Value, CultureInfo.InvariantCulture),
            (IReadOnlyList<string>)[.. FileName.Matches(row.Groups["files"].Value).Select(file => $"src/{row.Groups["project"].Value}/{file.Groups[1].Value}")]))];

    [Fact]
    public void Every_file_of_the_way_exists_and_all_are_counted()
    {
        var files = Rows.SelectMany(row => row.Files).ToList();

        Assert.Equal([], files.Except(Sources.Files));
        Assert.Equal(files.Distinct(), files);
        Assert.All(Rows, row => Assert.Equal(row.Count, row.Files.Count));
        Assert.Contains($"passes through {files.Count} files of", Section, StringComparison.Ordinal);
        Assert.InRange(files.Count, 30, MostFiles);
    }

    [Fact]
    public void No_file_of_the_way_makes_a_tree_of_the_request_or_writes_it_again()
    {
        // The binder makes one of a request that it refuses or that has another form of the same; results are another matter.
        string[] exempt = ["src/Osapi.Operations/Json/RequestBinder.cs", "src/Osapi.Operations/Json/JsonConventions.cs"];

        var trees = Rows.SelectMany(row => row.Files).Except(exempt).Where(file => Tree.IsMatch(Sources.Text(file)));

        Assert.Equal([], trees);
    }

    private static string SectionOf(string heading)
    {
        var page = Sources.Text("docs/architecture.md");
        var start = page.IndexOf(heading + "\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"docs/architecture.md has no section '{heading}'");
        var end = page.IndexOf("\n## ", start, StringComparison.Ordinal);
        return page[start..(end < 0 ? page.Length : end)];
    }

    [GeneratedRegex(@"^\| `(?<project>Osapi\.\w+)` \| (?<count>\d+) \| (?<files>.*) \|$", RegexOptions.Multiline)]
    private static partial Regex ProjectRow { get; }

    [GeneratedRegex(@"`([\w/.]+\.cs)`")]
    private static partial Regex FileName { get; }

    [GeneratedRegex(@"SerializeToNode|SerializeToElement|JsonNode\.Parse|JsonObject\.Create|\.ToJsonString\(")]
    private static partial Regex Tree { get; }
}
