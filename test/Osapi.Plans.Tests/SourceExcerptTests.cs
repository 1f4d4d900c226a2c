using Osapi.Plans.Yaml;

namespace Osapi.Plans.Tests;

/// <summary>Tests of lines with carets: they stand under the place, whatever the characters.</summary>
public sealed class SourceExcerptTests
{
    [Theory]
    [InlineData("a: bcd", 4, 3, "a: bcd", 3, 3)]
    [InlineData("a:\tbcd", 4, 3, "a:    bcd", 6, 3)]
    [InlineData("日本: x", 5, 1, "日本: x", 6, 1)]
    [InlineData("e\u0301: x", 5, 1, "e\u0301: x", 3, 1)]
    [InlineData("😀: x", 5, 1, "😀: x", 4, 1)]
    [InlineData("a\u001b[31m: x", 9, 1, "a\\u001b[31m: x", 13, 1)]
    [InlineData("abc", 4, 1, "abc", 3, 1)]
    [InlineData("abc", 99, 50, "abc", 3, 1)]
    public void The_carets_stand_under_the_place(string line, int column, int length, string text, int indent, int carets)
    {
        var excerpt = SourceExcerpt.Of(new FileProblem(1, column, "m") { Length = length, Source = new("f", line) }, 80)!;

        Assert.Equal((text, indent, carets), (excerpt.Text, excerpt.Indent, excerpt.Carets));
    }

    [Fact]
    public void A_long_line_is_cut_around_the_place_and_fits()
    {
        var line = string.Concat(Enumerable.Range(0, 500).Select(number => $"k{number}: "));
        for (var column = 1; column <= line.Length; column += 7)
            foreach (var width in (int[])[40, 80, 160])
            {
                var excerpt = SourceExcerpt.Of(new FileProblem(1, column, "m") { Length = 3, Source = new("f", line) }, width)!;

                Assert.True(excerpt.Gutter.Length + excerpt.Text.Length <= width, $"{column} {width}: {excerpt.Text}");
                Assert.Equal(line[column - 1], excerpt.Indent < excerpt.Text.Length ? excerpt.Text[excerpt.Indent] : ' ');
            }
    }

    [Fact]
    public void Half_a_surrogate_pair_is_shown_as_the_replacement_character() =>
        Assert.Equal(("a\ufffd: x", 4), (SourceExcerpt.Of(new FileProblem(1, 5, "m") { Source = new("f", "a\ud800: x") }, 80) is { } excerpt) ? (excerpt.Text, excerpt.Indent) : default);

    [Fact]
    public void There_is_none_without_text() => Assert.Null(SourceExcerpt.Of(new FileProblem(7, 1, "m") { Source = new("f", "a\n") }, 80));
}
