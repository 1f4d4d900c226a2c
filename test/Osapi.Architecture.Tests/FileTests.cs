namespace Osapi.Architecture.Tests;

/// <summary>Tests of file sizes and file names.</summary>
public sealed class FileTests(ITestOutputHelper output)
{
    private const int MostLines = 250;

    // The files that have to be longer, with the reason.
    private static readonly Dictionary<string, string> Longer = [];

    [Fact]
    public void Every_file_is_short()
    {
        var lines = Sources.Files.ToDictionary(file => file, file => Sources.Text(file).AsSpan().Count('\n'));
        var sorted = lines.Values.Order().ToList();
        output.WriteLine($"{sorted.Count} files, median {sorted[sorted.Count / 2]} lines, longest {sorted[^1]}");

        Assert.Equal([], lines.Where(file => file.Value > MostLines && !Longer.ContainsKey(file.Key)).Select(file => $"{file.Key}: {file.Value} lines"));
        Assert.Equal([], Longer.Keys.Where(file => lines.GetValueOrDefault(file) <= MostLines));
        Assert.True(sorted[sorted.Count / 2] <= 50, "half of the files have at most 50 lines");
    }

    [Fact]
    public void No_file_name_stands_twice() =>
        Assert.Equal([], Sources.Files.GroupBy(Path.GetFileName).Where(files => files.Count() > 1).Select(files => string.Join(", ", files)));
}
