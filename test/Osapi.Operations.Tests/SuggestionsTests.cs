namespace Osapi.Operations.Tests;

public sealed class SuggestionsTests
{
    private static readonly string[] Names = ["command", "args", "timeout", "cwd"];

    [Theory]
    [InlineData("comand", "command")]
    [InlineData("Command", "command")]
    [InlineData("commands", "command")]
    [InlineData("cmmnd", null)]
    [InlineData("arg", "args")]
    [InlineData("cw", "cwd")]
    [InlineData("time_out", "timeout")]
    [InlineData("xyz", null)]
    [InlineData("", null)]
    public void A_typing_error_is_recognized_and_another_name_is_not(string name, string? near) => Assert.Equal(near, Suggestions.Of(name, Names));

    [Fact]
    public void The_nearest_wins_and_else_the_first_in_order()
    {
        Assert.Equal("args", Suggestions.Of("args", ["argz", "args"]));
        Assert.Equal("arga", Suggestions.Of("args", ["argz", "arga"]));
    }

    [Fact]
    public void A_hint_is_a_phrase_or_nothing()
    {
        Assert.Equal("; did you mean 'command'?", Suggestions.Hint("comand", Names));
        Assert.Equal("", Suggestions.Hint("xyz", Names));
    }

    [Fact]
    public void Hostile_names_are_near_nothing()
    {
        Assert.Null(Suggestions.Of(new('a', 10_000_000), ["a"]));
        Assert.Null(Suggestions.Of(new('a', 200), [new('b', 10_000_000)]));
        Assert.Null(Suggestions.Of("a", []));
    }
}
