using Osapi.Operations.Docker;
using Osapi.Operations.Files;
using Osapi.Operations.Json;

namespace Osapi.Operations.Tests.Json;

public sealed class TextRuleTests
{
    [Fact]
    public void A_text_that_is_too_long_is_refused_however_well_it_matches()
    {
        TextRule rule = new("^x+$", "some x");

        Assert.True(rule.Allows(new string('x', 4096)));
        Assert.False(rule.Allows(new string('x', 4097)));
        Assert.True(new TextRule("^x+$", "some x") { MaxLength = 5000 }.Allows(new string('x', 5000)));
    }

    [Fact]
    public void A_path_may_be_as_long_as_the_kernel_takes_it_and_a_variable_as_long_as_it_takes_that()
    {
        Assert.NotNull(Text.TryParse<FilePath>(string.Concat(Enumerable.Repeat("/abc", 1023)) + "/ab"));
        Assert.NotNull(Text.TryParse<EnvVariable>("A=" + new string('x', 131_069)));
        Assert.Null(Text.TryParse<EnvVariable>("A=" + new string('x', 131_070)));
    }

    [Fact]
    public void A_line_feed_at_the_end_is_checked_too() => Assert.False(new TextRule("^x$", "an x").Allows("x\n"));
}
