using Osapi.Operations.Files;
using Osapi.Operations.Json;

namespace Osapi.Operations.Tests;

public sealed class AccountNameTests
{
    [Theory]
    [InlineData("root"), InlineData("1000"), InlineData("www-data"), InlineData("machine$"), InlineData("user@example.com"), InlineData("_apt"), InlineData("systemd-network")]
    [InlineData("domain users"), InlineData(@"ACME\domain users"), InlineData("Domänen-Benutzer"), InlineData("o'brien"), InlineData("R&D (Berlin)"), InlineData("группа"), InlineData("a")]
    public void Names_that_hosts_have_are_taken(string name) => Assert.Equal(name, Text.TryParse<AccountName>(name)?.Value);

    [Theory]
    [InlineData(""), InlineData(" "), InlineData(" a"), InlineData("a "), InlineData("a:b"), InlineData("a\nb"), InlineData("a\0"), InlineData("a/b"), InlineData("a,b"), InlineData("-a"), InlineData("+a"), InlineData("~a"), InlineData("@a")]
    [InlineData("a\u001b[2J"), InlineData("a\u0085"), InlineData("a\u202eb"), InlineData("\u200ba")]
    public void Impossible_or_invisible_names_are_refused(string name) => Assert.Null(Text.TryParse<AccountName>(name));

    [Fact]
    public void A_name_has_at_most_256_characters()
    {
        Assert.NotNull(Text.TryParse<AccountName>(new string('a', 256)));
        Assert.Null(Text.TryParse<AccountName>(new string('a', 257)));
    }
}
