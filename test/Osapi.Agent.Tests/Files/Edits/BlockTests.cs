using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Tests.Files.Edits;

/// <summary>Tests of blocks of lines between markers.</summary>
public sealed class BlockTests : EditTest
{
    private UpdateBlock Request => new() { Path = File, MarkerName = "limits", Block = "a\nb\n" };

    [Theory]
    [InlineData("", "# BEGIN OSAPI limits\na\nb\n# END OSAPI limits\n")]
    [InlineData("x", "x\n# BEGIN OSAPI limits\na\nb\n# END OSAPI limits\n")]
    [InlineData("x\r\n", "x\r\n# BEGIN OSAPI limits\r\na\r\nb\r\n# END OSAPI limits\r\n")]
    [InlineData("1\n# BEGIN OSAPI limits\nold\n# END OSAPI limits\n2\n", "1\n# BEGIN OSAPI limits\na\nb\n# END OSAPI limits\n2\n")]
    // The marker of another block, of which this name is a part.
    [InlineData("# BEGIN OSAPI limits-2\nx\n# END OSAPI limits-2\n", "# BEGIN OSAPI limits-2\nx\n# END OSAPI limits-2\n# BEGIN OSAPI limits\na\nb\n# END OSAPI limits\n")]
    public async Task A_block_is_added_once_and_then_replaced_in_its_place(string before, string after) => await EditAsync(FileOperations.UpdateBlock, Request, before, after);

    [Fact]
    public async Task Two_blocks_live_in_one_file()
    {
        await EditAsync(FileOperations.UpdateBlock, Request, "", "# BEGIN OSAPI limits\na\nb\n# END OSAPI limits\n");
        var before = fixture.Read("app.conf");
        await ApplyAsync(FileOperations.UpdateBlock, Request with { MarkerName = "other", Block = "c" }, before, before + "# BEGIN OSAPI other\nc\n# END OSAPI other\n");
        await ApplyAsync(FileOperations.UpdateBlock, Request with { Block = null, State = EditState.Absent }, fixture.Read("app.conf"), "# BEGIN OSAPI other\nc\n# END OSAPI other\n");
    }

    [Theory]
    [InlineData("<!-- -->", "<!-- BEGIN OSAPI limits -->\na\nb\n<!-- END OSAPI limits -->\n")]
    [InlineData("//", "// BEGIN OSAPI limits\na\nb\n// END OSAPI limits\n")]
    [InlineData("/* */", "/* BEGIN OSAPI limits */\na\nb\n/* END OSAPI limits */\n")]
    public async Task The_markers_are_comments_of_the_file(string comment, string after) =>
        await EditAsync(FileOperations.UpdateBlock, Request with { Comment = comment }, "", after);

    [Fact]
    public async Task An_empty_block_keeps_its_markers_and_is_removed_with_them()
    {
        await EditAsync(FileOperations.UpdateBlock, Request with { Block = "" }, "x\n", "x\n# BEGIN OSAPI limits\n# END OSAPI limits\n");
        await ApplyAsync(FileOperations.UpdateBlock, Request with { Block = null, State = EditState.Absent }, fixture.Read("app.conf"), "x\n");
    }

    [Theory]
    [InlineData("# BEGIN OSAPI limits\na\n")]
    [InlineData("# END OSAPI limits\na\n# BEGIN OSAPI limits\n")]
    [InlineData("# BEGIN OSAPI limits\n# END OSAPI limits\n# BEGIN OSAPI limits\n# END OSAPI limits\n")]
    public async Task Markers_that_are_not_one_pair_are_a_conflict_that_names_their_lines(string text)
    {
        fixture.Write("app.conf", text);

        Assert.Contains("line 1", await FailsAsync(FileOperations.UpdateBlock, Request, ErrorType.Conflict), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_block_with_its_own_marker_is_refused()
    {
        fixture.Write("app.conf", "x\n");

        await FailsAsync(FileOperations.UpdateBlock, Request with { Block = "a\n# END OSAPI limits\nb" }, ErrorType.Invalid);
    }

    [Fact]
    public async Task A_new_block_is_inserted_at_its_place() =>
        await EditAsync(FileOperations.UpdateBlock, Request with { Block = "a", InsertBefore = "^end" }, "begin\nend\n", "begin\n# BEGIN OSAPI limits\na\n# END OSAPI limits\nend\n");
}
