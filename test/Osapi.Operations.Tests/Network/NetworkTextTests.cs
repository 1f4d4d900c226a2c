using Osapi.Operations.Json;
using Osapi.Operations.Network;

namespace Osapi.Operations.Tests.Network;

public sealed class NetworkTextTests
{
    [Theory]
    [InlineData("eth0"), InlineData("eth0.100"), InlineData("br-lan"), InlineData("veth_x"), InlineData("wlp2s0"), InlineData("lo"), InlineData("a"), InlineData("123456789012345"), InlineData("ve@if")]
    public void Real_interface_names_are_taken(string name) => Assert.Equal(name, Text.TryParse<InterfaceName>(name)?.Value);

    [Theory]
    [InlineData(""), InlineData("."), InlineData(".."), InlineData("-x"), InlineData("a/b"), InlineData("a b"), InlineData("1234567890123456"), InlineData("eth0\n"), InlineData("eth0:1"), InlineData("é"), InlineData("@fact.hostnme"), InlineData("@x")]
    public void Other_interface_names_are_refused(string name) => Assert.Null(Text.TryParse<InterfaceName>(name));

    [Theory]
    [InlineData("192.0.2.53", "192.0.2.53"), InlineData("2001:DB8:0:0::53", "2001:db8::53"), InlineData("fe80::1", "fe80::1"), InlineData("FE80::1%eth0", "fe80::1%eth0"), InlineData("fe80::1%2", "fe80::1%2"), InlineData("::1", "::1"), InlineData("127.0.0.53", "127.0.0.53"), InlineData("::ffff:192.0.2.1", "::ffff:192.0.2.1")]
    public void The_address_of_a_server_has_one_spelling(string text, string canonical) => Assert.Equal(canonical, Text.TryParse<DnsServer>(text)?.Value);

    [Theory]
    [InlineData("256.1.1.1"), InlineData("1.2.3"), InlineData("127.1"), InlineData("010.0.0.1"), InlineData("0.0.0.0"), InlineData("::"), InlineData("255.255.255.255"), InlineData("224.0.0.1"), InlineData("ff02::1")]
    [InlineData("2001:db8::1%eth0"), InlineData("fe80::1%"), InlineData("fe80::1%a b"), InlineData("fe80::1%a%b"), InlineData("192.0.2.1%eth0"), InlineData("example.com"), InlineData("1.1.1.1:53"), InlineData("[::1]"), InlineData("1:2"), InlineData(""), InlineData("0x7f.0.0.1"), InlineData("-1.1.1.1")]
    public void Invalid_server_addresses_are_refused(string text) => Assert.Null(Text.TryParse<DnsServer>(text));

    [Theory]
    [InlineData("example.com"), InlineData("lab"), InlineData("x-1.Example.COM"), InlineData("~example.com"), InlineData("~."), InlineData("10.in-addr.arpa"), InlineData("a."), InlineData("example.com."), InlineData("_msdcs.example.com"), InlineData("a_b"), InlineData("~example.com.")]
    public void Domains_and_routing_domains_are_taken(string text) => Assert.Equal(text, Text.TryParse<SearchDomain>(text)?.Value);

    [Theory]
    [InlineData(""), InlineData("."), InlineData("~"), InlineData("a..b"), InlineData(".a"), InlineData("a.."), InlineData("~a.."), InlineData("-a.b"), InlineData("a-.b"), InlineData("a b"), InlineData("~~a"), InlineData("a/b"), InlineData("bücher.example")]
    public void Invalid_domains_are_refused(string text) => Assert.Null(Text.TryParse<SearchDomain>(text));

    [Fact]
    public void Labels_have_at_most_63_characters_and_domains_253()
    {
        var label = new string('a', 63);

        Assert.NotNull(Text.TryParse<SearchDomain>($"{label}.b"));
        Assert.Null(Text.TryParse<SearchDomain>($"{label}a.b"));
        Assert.NotNull(Text.TryParse<SearchDomain>($"~{label}.{label}.{label}.{new string('b', 61)}"));
        Assert.Null(Text.TryParse<SearchDomain>($"{label}.{label}.{label}.{new string('b', 62)}"));
    }

    [Theory]
    [InlineData("192.0.2.1"), InlineData("::1"), InlineData("fe80::1%eth0"), InlineData("localhost"), InlineData("web-01.example.com"), InlineData("web_01"), InlineData("example.com."), InlineData("1.example")]
    public void Addresses_and_names_can_be_pinged(string text) => Assert.Equal(text, Text.TryParse<HostAddress>(text)?.Value);

    [Theory]
    [InlineData(""), InlineData("1"), InlineData("127.1"), InlineData("1.2.3.4.5"), InlineData("999.1.1.1"), InlineData("01.2.3.4"), InlineData("1.2.3.4."), InlineData("-f"), InlineData("a b"), InlineData("a;b"), InlineData("$(x)"), InlineData(":"), InlineData("::1%"), InlineData("fe80::1%a/b"), InlineData("http://x")]
    public void Addresses_that_cannot_be_pinged_are_refused(string text) => Assert.Null(Text.TryParse<HostAddress>(text));

    [Fact]
    public void Texts_of_megabytes_are_refused_at_once()
    {
        var text = new string('a', 10_000_000);

        Assert.Null(Text.TryParse<InterfaceName>(text));
        Assert.Null(Text.TryParse<DnsServer>(text));
        Assert.Null(Text.TryParse<SearchDomain>(text));
        Assert.Null(Text.TryParse<HostAddress>(text));
    }
}
