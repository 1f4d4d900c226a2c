using CsCheck;
using Osapi.Agent.Hosts.NameResolution;

namespace Osapi.Agent.Tests.Network;

public sealed class ResolvConfTests
{
    private const string Made = """
        # Made by hand
        ; a second kind of comment
        domain old.example
        nameserver 192.0.2.1
        options timeout:2 attempts:3
        nameserver 2001:db8::1
        search lab.test example.com
        sortlist 130.155.160.0/255.255.240.0
        frobnicate yes

        """;

    [Fact]
    public void Servers_are_in_order_and_the_last_search_or_domain_counts()
    {
        ResolvConf file = new(Made);

        Assert.Equal(["192.0.2.1", "2001:db8::1"], file.Servers);
        Assert.Equal(["lab.test", "example.com"], file.SearchDomains);
    }

    [Theory]
    [InlineData("", "", "")]
    [InlineData("nameserver 1.1.1.1", "1.1.1.1", "")]
    [InlineData("nameserver\t1.1.1.1 # Cloudflare\n", "1.1.1.1", "")]
    [InlineData(" nameserver 1.1.1.1\n", "", "")]
    [InlineData("#nameserver 1.1.1.1\n;nameserver 2.2.2.2\nnameserver\nnameserver \n", "", "")]
    [InlineData("domain a.test b.test\n", "", "a.test")]
    [InlineData("search a.test\ndomain b.test\n", "", "b.test")]
    [InlineData("search .\n", "", "")]
    [InlineData("nameserver 1.1.1.1\r\nsearch a b\r\n", "1.1.1.1", "a b")]
    [InlineData("nameserver fe80::1%eth0\n", "fe80::1%eth0", "")]
    public void A_file_is_read_as_the_resolver_reads_it(string text, string servers, string domains)
    {
        ResolvConf file = new(text);

        Assert.Equal(servers.Split(' ', StringSplitOptions.RemoveEmptyEntries), file.Servers);
        Assert.Equal(domains.Split(' ', StringSplitOptions.RemoveEmptyEntries), file.SearchDomains);
    }

    [Fact]
    public void New_lines_replace_the_old_ones_and_everything_else_stays() =>
        Assert.Equal(
            """
            # Made by hand
            ; a second kind of comment
            search new.example
            nameserver 192.0.2.9
            options timeout:2 attempts:3
            sortlist 130.155.160.0/255.255.240.0
            frobnicate yes

            """,
            new ResolvConf(Made).With(["192.0.2.9"], ["new.example"]).Text);

    [Fact]
    public void Omitted_settings_stay_unchanged() =>
        Assert.Equal(Made.Replace("nameserver 192.0.2.1\n", "nameserver 192.0.2.9\n").Replace("nameserver 2001:db8::1\n", ""), new ResolvConf(Made).With(["192.0.2.9"], null).Text);

    [Fact]
    public void No_search_domains_is_no_line() =>
        Assert.Equal("options edns0\n", new ResolvConf("search a\noptions edns0\ndomain b\n").With(null, []).Text);

    [Fact]
    public void Equal_values_keep_their_spelling() =>
        Assert.Equal("nameserver   1.1.1.1 x\ndomain a.test", new ResolvConf("nameserver   1.1.1.1 x\ndomain a.test").With(["1.1.1.1"], ["a.test"]).Text);

    [Fact]
    public void Any_file_has_the_requested_settings_afterwards_and_its_other_lines_unchanged() =>
        Gen.Select(File, Gen.OneOf(Servers.Select(servers => (string[]?)servers), Gen.Const((string[]?)null)), Gen.OneOf(Domains.Select(domains => (string[]?)domains), Gen.Const((string[]?)null)))
            .Sample((text, servers, domains) =>
            {
                ResolvConf file = new(text);

                var edited = file.With(servers, domains);

                Assert.Equal(servers ?? file.Servers, edited.Servers);
                Assert.Equal(domains ?? file.SearchDomains, edited.SearchDomains);
                Assert.Equal(Others(text), Others(edited.Text));
                Assert.Equal(edited, edited.With(servers, domains));
                Assert.Equal(edited, edited.With(edited.Servers, edited.SearchDomains));
            });

    private static readonly string[] Lines =
        ["# note", "; note", "", "options edns0", "nameserver 1.1.1.1", "nameserver 2001:db8::1 # old", "search a.test b.test", "domain c.test", " nameserver 9.9.9.9", "nameserver", "lookup file bind", "search", "\t"];

    private static readonly Gen<string> File =
        Gen.Select(Gen.Int[0, Lines.Length - 1].Select(index => Lines[index]).Array[0, 8], Gen.Bool, (lines, ended) => string.Join('\n', lines) + (ended ? "\n" : ""));

    private static readonly Gen<string[]> Servers = Gen.Int[1, 250].Select(last => $"192.0.2.{last}").Array[1, 3];

    private static readonly Gen<string[]> Domains = Gen.Int[1, 250].Select(number => $"d{number}.test").Array[0, 3];

    // Except for the empty ones at the end, before which new lines may come.
    private static string Others(string text) =>
        string.Join('\n', text.Split('\n').Where(line => line.Split(' ') is not ["nameserver" or "search" or "domain", _, ..])).TrimEnd('\n');
}
