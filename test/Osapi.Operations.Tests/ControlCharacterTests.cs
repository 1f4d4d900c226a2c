namespace Osapi.Operations.Tests;

public sealed class ControlCharacterTests
{
    [Fact]
    public void All_of_c0_del_c1_separators_and_direction_controls_are_found_and_nothing_else()
    {
        var found = Enumerable.Range(0, 0x10000).Where(code => ControlCharacters.AreIn($"a{(char)code}b")).ToList();

        int[] wanted =
        [
            .. Enumerable.Range(0, 0x20), 0x7F, .. Enumerable.Range(0x80, 0x20), 0x61C, 0x200E, 0x200F,
            0x2028, 0x2029, .. Enumerable.Range(0x202A, 5), .. Enumerable.Range(0x2066, 4),
        ];
        Assert.Equal(wanted, found);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData(null, "")]
    [InlineData("grün 日本 👩‍💻 \\n", "grün 日本 👩‍💻 \\n")]
    [InlineData("a\r\nb\tc", @"a\r\nb\tc")]
    [InlineData("\x1b[2J\u009b\u202e\u2028\x7f\0", @"\u001b[2J\u009b\u202e\u2028\u007f\u0000")]
    public void Text_is_escaped_to_one_line(string? text, string escaped)
    {
        Assert.Equal(escaped, ControlCharacters.Escape(text));
        Assert.False(ControlCharacters.AreIn(ControlCharacters.Escape(text)));
    }

    [Fact]
    public void Tabs_may_stay() => Assert.Equal("a\tb\\n", ControlCharacters.Escape("a\tb\n", keepTabs: true));
}
