using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Tests.Files.Edits;

/// <summary>Tests of replacements of text.</summary>
public sealed class ReplaceTests : EditTest
{
    [Theory]
    [InlineData("debug", "info", "level=debug\nx=debug\n", "level=info\nx=info\n")]
    [InlineData("^(LEVEL=).*$", "\\1info", "A=1\nLEVEL=debug\nB\n", "A=1\nLEVEL=info\nB\n")]
    [InlineData("^(LEVEL=).*$", "\\1info", "A=1\r\nLEVEL=debug\r\nB\r\n", "A=1\r\nLEVEL=info\r\nB\r\n")]
    [InlineData("^#.*\n", "", "#1\nx\n#2\n", "x\n")]
    [InlineData("old", "new", "nothing\n", "nothing\n")]
    [InlineData("a\nb", "c", "a\nb\n", "c\n")]
    public async Task Every_match_is_replaced(string match, string with, string before, string after) =>
        await EditAsync(FileOperations.Replace, new() { Path = File, Match = match, With = with }, before, after);

    [Fact]
    public async Task Only_a_part_of_the_file_is_searched()
    {
        const string Before = "port=1\n[web]\nport=1\n[db]\nport=1\n";

        var result = await EditAsync(FileOperations.Replace, new() { Path = File, Match = "port=\\d+", With = "port=2", After = "^\\[web\\]$", Before = "^\\[" }, Before, "port=1\n[web]\nport=2\n[db]\nport=1\n");

        Assert.Equal((3, 1), (result.LineNumber, result.Count));
        await EditAsync(FileOperations.Replace, new() { Path = File, Match = "port=\\d+", With = "port=2", After = "^none$" }, Before, Before);
    }

    [Fact]
    public async Task The_number_of_matches_can_be_expected()
    {
        fixture.Write("app.conf", "a\na\n");

        Assert.Contains("has 2 matches, and at most 1 are expected", await FailsAsync(FileOperations.Replace, new() { Path = File, Match = "a", With = "b", Max = 1 }, ErrorType.Conflict), StringComparison.Ordinal);
        Assert.Contains("has 2 matches, and at least 3 are expected", await FailsAsync(FileOperations.Replace, new() { Path = File, Match = "a", With = "b", Min = 3 }, ErrorType.Conflict), StringComparison.Ordinal);
        await ApplyAsync(FileOperations.Replace, new() { Path = File, Match = "[ab]$", With = "b", Min = 2, Max = 2 }, "a\na\n", "b\nb\n");
    }

    [Theory]
    [InlineData("a", "aa")]
    [InlineData("x*", "x")]
    [InlineData("a|b", "ab")]
    public async Task A_result_that_the_next_run_would_change_again_is_a_conflict(string match, string with)
    {
        fixture.Write("app.conf", "a\n");

        Assert.Contains("matches its own result", await FailsAsync(FileOperations.Replace, new() { Path = File, Match = match, With = with }, ErrorType.Conflict), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(a+)+$")]
    [InlineData("(?:a|a)*b")]
    public async Task A_hostile_expression_takes_linear_time(string match)
    {
        fixture.Write("app.conf", new string('a', 200_000) + "!\n");

        Assert.False((await fixture.ResultAsync(FileOperations.Replace, new() { Path = File, Match = match, With = "x" })).Changed);
    }
}
