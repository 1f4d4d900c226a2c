using System.Text.RegularExpressions;

namespace Osapi.Docs.Tests;

/// <summary>Tests that the tests which a page names as its evidence exist.</summary>
public sealed partial class NamedTestTests
{
    [Fact]
    public void Every_test_that_the_page_about_security_names_exists()
    {
        var named = Name.Matches(string.Join('\n', new Page("docs/security.md").Lines)).Select(match => match.Groups[1].Value).Distinct().ToList();
        var tests = Directory.EnumerateFiles(Path.Combine(Page.Repository, "test"), "*Tests.cs", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension).ToHashSet();

        Assert.True(named.Count > 15, "the page names its evidence");
        Assert.Empty(named.Except(tests!));
    }

    [GeneratedRegex("`([A-Z][A-Za-z]+Tests)`")]
    private static partial Regex Name { get; }
}
