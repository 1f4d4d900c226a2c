using System.Text;
using Osapi.Operations.Json;
using Osapi.Operations.Network;

namespace Osapi.Operations.Tests.Network;

public sealed class NetworkRequestTests
{
    [Fact]
    public void An_update_needs_servers_or_search_domains() =>
        Assert.Equal("servers or search_domains is required", Problems(NetworkOperations.UpdateDns, """{"interface_name":"eth0"}"""));

    [Fact]
    public void An_update_lists_everything_that_is_wrong_with_it() =>
        Assert.Equal(
            "interface_name must be the name of a network interface: at most 15 letters, digits, '_', '@', '.' or '-', the first a letter, digit or '_'; "
            + "servers[0] must be the IPv4 or IPv6 address of a DNS server, a link-local one optionally with its zone; servers[1] must not be null; "
            + "search_domains[0] must be a domain such as example.com: labels of letters, digits, '_' and '-', at most 63 characters each and 253 in all; or a routing domain such as ~example.com; "
            + "server is unknown; did you mean 'servers'?",
            Problems(NetworkOperations.UpdateDns, """{"interface_name":"../eth0","servers":["1.1.1",null],"search_domains":["a b"],"server":"x"}"""));

    [Fact]
    public void The_list_of_servers_cannot_be_empty_and_that_of_search_domains_can()
    {
        Assert.Equal("servers must not be empty", Problems(NetworkOperations.UpdateDns, """{"interface_name":"eth0","servers":[]}"""));
        Assert.Equal("", Problems(NetworkOperations.UpdateDns, """{"interface_name":"eth0","search_domains":[]}"""));
    }

    [Fact]
    public void Nothing_is_named_twice_whatever_its_spelling() =>
        Assert.Equal(
            "servers must not name 2001:db8::1 twice; search_domains must not name a.test twice",
            Problems(NetworkOperations.UpdateDns, """{"interface_name":"eth0","servers":["2001:db8::1","2001:DB8:0::1"],"search_domains":["a.test","A.test"]}"""));

    [Theory]
    [InlineData("""{"address":"::1","count":0}""", "count must be between 1 and 100")]
    [InlineData("""{"address":"::1","interval":0.1}""", "interval must be between 0.2 and 60")]
    [InlineData("""{"address":"::1","timeout":61}""", "timeout must be between 0.1 and 60")]
    [InlineData("""{"address":"::1","count":100,"interval":60}""", "count and interval would take more than 3600 seconds")]
    [InlineData("""{}""", "address is required")]
    [InlineData("""{"address":"::1","count":100,"interval":0.2,"timeout":0.1}""", "")]
    public void A_ping_has_limits(string request, string problems) => Assert.Equal(problems, Problems(NetworkOperations.Ping, request));

    [Fact]
    public void A_ping_may_run_as_long_as_it_takes() =>
        Assert.Equal(TimeSpan.FromSeconds(9 * 2 + 1 + 15), NetworkOperations.Ping.TimeoutOf(new PingHost { Address = "::1", Count = 10, Interval = 2, Timeout = 1 }));

    [Fact]
    public void The_names_are_those_of_the_reference()
    {
        Assert.Equal(["interface_name", "servers", "search_domains"], NetworkOperations.UpdateDns.RequestInfo.Properties.Select(property => property.Name));
        Assert.Superset(
            new HashSet<string> { "packets_sent", "packets_received", "packet_loss", "min_rtt", "avg_rtt", "max_rtt" },
            NetworkOperations.Ping.ResultInfo.Properties.Select(property => property.Name).ToHashSet());
        Assert.Equal("/node/{hostname}/network/dns/{interface_name}", NetworkOperations.GetDns.Route.Template);
    }

    private static string Problems(Operation operation, string request) => RequestBinder.Bind(operation.RequestInfo, Encoding.UTF8.GetBytes(request)).Text;
}
