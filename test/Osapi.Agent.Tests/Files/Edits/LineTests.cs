using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Tests.Files.Edits;

/// <summary>Tests of edits of single lines: the situations that people report of such tools.</summary>
public sealed class LineTests : EditTest
{
    [Theory]
    [InlineData("", "a=1\n")]
    [InlineData("x\n", "x\na=1\n")]
    [InlineData("x\ny\n", "x\ny\na=1\n")]
    // A last line without an end is not glued to the new one.
    [InlineData("x", "x\na=1\n")]
    [InlineData("x\r\ny\r\n", "x\r\ny\r\na=1\r\n")]
    [InlineData("x\r\ny", "x\r\ny\r\na=1\r\n")]
    [InlineData("x\na=1\ny", "x\na=1\ny")]
    [InlineData("a=1\n", "a=1\n")]
    [InlineData(" a=1\n", " a=1\na=1\n")]
    public async Task A_line_is_added_once_at_the_end(string before, string after) => await EditAsync(FileOperations.UpdateLine, new() { Path = File, Line = "a=1" }, before, after);

    [Theory]
    [InlineData("x\n#a=0\ny\n", "x\na=1\ny\n", 2)]
    [InlineData("a=0\na=2\n", "a=0\na=1\n", 2)]
    [InlineData("a=0\r\ny\r\n", "a=1\r\ny\r\n", 1)]
    [InlineData("y\na=0", "y\na=1", 2)]
    public async Task The_last_matching_line_is_replaced(string before, string after, int number) =>
        Assert.Equal(number, (await EditAsync(FileOperations.UpdateLine, new() { Path = File, Line = "a=1", Match = "^#?a=" }, before, after)).LineNumber);

    [Fact]
    public async Task The_first_matching_line_is_replaced_when_asked() =>
        await EditAsync(FileOperations.UpdateLine, new() { Path = File, Line = "a=1", Match = "^a=", FirstMatch = true }, "a=0\na=2\n", "a=1\na=2\n");

    [Theory]
    [InlineData("a=2\nx\na=1\n")]
    [InlineData("a=1\nx\na=2\n")]
    public async Task A_line_that_is_there_is_enough_whatever_else_matches(string text) =>
        await EditAsync(FileOperations.UpdateLine, new() { Path = File, Line = "a=1", Match = "^a=", InsertAfter = "x" }, text, text);

    [Fact]
    public async Task An_expression_that_does_not_match_the_line_itself_is_refused_because_the_next_run_would_add_it_again()
    {
        fixture.Write("app.conf", "a=0\n");

        var error = await FailsAsync(FileOperations.UpdateLine, new() { Path = File, Line = "a = 1", Match = "^a=" }, ErrorType.Invalid);

        Assert.StartsWith("match must match the line itself", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x", null, "1\nx\na=1\n2\nx\n", "1\nx\na=1\n2\nx\n")]
    [InlineData("x", null, "1\nx\n2\nx\n3\n", "1\nx\n2\nx\na=1\n3\n")]
    [InlineData(null, "x", "1\nx\n2\nx\n3\n", "1\nx\n2\na=1\nx\n3\n")]
    [InlineData("none", null, "1\n2", "1\n2\na=1\n")]
    [InlineData(null, "none", "1\n2\n", "1\n2\na=1\n")]
    public async Task A_new_line_is_inserted_at_its_place_and_not_a_second_time(string? after, string? before, string text, string expected) =>
        await EditAsync(FileOperations.UpdateLine, new() { Path = File, Line = "a=1", InsertAfter = Pattern(after), InsertBefore = Pattern(before) }, text, expected);

    [Fact]
    public async Task A_replaced_line_stays_where_it_is_whatever_place_is_named() =>
        await EditAsync(FileOperations.UpdateLine, new() { Path = File, Line = "a=1", Match = "^a=", InsertAfter = "^z" }, "a=0\nz\n", "a=1\nz\n");

    [Fact]
    public async Task A_line_at_the_beginning_leaves_a_byte_order_mark_where_it_is()
    {
        System.IO.File.WriteAllBytes(File, [0xEF, 0xBB, 0xBF, (byte)'x', (byte)'\n']);

        await fixture.ResultAsync(FileOperations.UpdateLine, new() { Path = File, Line = "é", AtBeginning = true });

        Assert.Equal([0xEF, 0xBB, 0xBF, 0xC3, 0xA9, (byte)'\n', (byte)'x', (byte)'\n'], System.IO.File.ReadAllBytes(File));
    }

    [Theory]
    [InlineData("level=\\1x", "^level=([a-w]+)$", "level=abc\n", "level=abcx\n")]
    [InlineData("\\g<name> = \\\\1", "^(?<name>\\w+)=\\d$", "port=1\n", "port = \\1\n")]
    [InlineData("\\1", "^#?(a=.*)$", "#a=5\n", "a=5\n")]
    [InlineData("\\1\\3", "^(b)$", "a\n", "a\n")]
    public async Task Parts_of_the_old_line_are_kept(string line, string match, string before, string after) =>
        await EditAsync(FileOperations.UpdateLine, new() { Path = File, Line = line, Match = match, Backrefs = true }, before, after);

    [Fact]
    public async Task A_line_that_would_grow_with_each_run_is_refused()
    {
        fixture.Write("app.conf", "a\n");

        Assert.Contains("matches its own result", await FailsAsync(FileOperations.UpdateLine, new() { Path = File, Line = "\\1!", Match = "^(a.*)$", Backrefs = true }, ErrorType.Conflict), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a=1", null, "x\na=1\ny\na=1\n", "x\ny\n", 2)]
    [InlineData(null, "^a=", "a=1\nx\na=2", "x\n", 2)]
    [InlineData("none", null, "x\n", "x\n", null)]
    public async Task Lines_are_removed(string? line, string? match, string before, string after, int? count) =>
        Assert.Equal(count, (await EditAsync(FileOperations.UpdateLine, new() { Path = File, Line = line, Match = Pattern(match), State = EditState.Absent }, before, after)).Count);

    [Fact]
    public async Task An_absent_line_needs_no_file() =>
        Assert.False((await fixture.ResultAsync(FileOperations.UpdateLine, new() { Path = File, Line = "x", State = EditState.Absent })).Changed);

    [Fact]
    public async Task A_missing_file_is_an_error_unless_it_is_created()
    {
        Assert.Contains("does not exist (create makes it)", await FailsAsync(FileOperations.UpdateLine, new() { Path = File, Line = "x" }, ErrorType.NotFound), StringComparison.Ordinal);

        await ApplyAsync(FileOperations.UpdateLine, new() { Path = File, Line = "x", Create = true, Mode = "0600" }, "", "x\n");

        Assert.Equal("0600", OctalMode.Format((int)System.IO.File.GetUnixFileMode(File)));
    }

    private static TextPattern? Pattern(string? text) => text is null ? null : (TextPattern)text;
}
