using System.Text;
using CsCheck;
using Osapi.Operations.Facts;
using Osapi.Operations.Json;
using Osapi.Operations.Network;

namespace Osapi.Operations.Tests.Facts;

public sealed class FactReferenceTests
{
    private static readonly string[] Words = ["@fact.", "hostname", "arch", ".", "x", "@", "custom.", "role", " ", "/"];

    private static readonly HostFacts Facts = new()
    {
        Hostname = "web-01",
        Fqdn = "web-01.example.com",
        OsInfo = new("debian", "12"),
        KernelVersion = "6.1.0-18-amd64",
        Architecture = "x86_64",
        CpuCount = 4,
        MemoryTotal = 8_388_608_000,
        Facts = new Dictionary<string, string> { ["role"] = "web", ["loop"] = "@fact.custom.loop @fact.hostname" },
    };

    [Theory]
    [InlineData("@fact.hostname", "web-01")]
    [InlineData("/srv/@fact.hostname/data", "/srv/web-01/data")]
    [InlineData("@fact.hostname.example.com:80", "web-01.example.com:80")]
    [InlineData("@fact.kernel.", "6.1.0-18-amd64.")]
    [InlineData("@fact.os @fact.os_info.version @fact.arch", "debian 12 x86_64")]
    [InlineData("@fact.cpu_count/@fact.memory_total", "4/8388608000")]
    [InlineData("app-@fact.hostname-1", "app-web-01-1")]
    [InlineData("root@@fact.hostname", "root@web-01")]
    [InlineData("@fact.custom.role.x", "web.x")]
    [InlineData("@fact..hostname", "@fact.hostname")]
    [InlineData("@fact@fact.arch", "@factx86_64")]
    [InlineData("@FACT.hostname", "@FACT.hostname")]
    [InlineData("nothing", "nothing")]
    public void References_are_replaced_and_the_longest_known_name_counts(string text, string resolved) => Assert.Equal((resolved, ""), Resolve(text));

    [Fact]
    public void A_value_is_not_searched_for_references() =>
        Assert.Equal(("@fact.custom.loop @fact.hostname", ""), Resolve("@fact.custom.loop"));

    [Fact]
    public void Every_reference_that_cannot_be_resolved_is_named()
    {
        var (_, problems) = Resolve("@fact.hostnme @fact.fqdn @fact. @fact.interface.primary @fact.custom.x @fact.hostnameé @fact.hostname_x");

        Assert.Equal(
            "the unknown reference @fact.hostnme; did you mean '@fact.hostname'?|the unknown reference @fact.|@fact.interface.primary has no value on this host|"
            + "@fact.custom.x has no value on this host|the unknown reference @fact.hostname_x; did you mean '@fact.hostname'?",
            problems);
    }

    [Fact]
    public void The_names_are_those_of_the_reference_and_of_every_single_value() =>
        Assert.Equal(
            ["arch", "architecture", "container", "cpu_count", "fqdn", "hostname", "interface.primary", "kernel", "kernel_version", "memory_total", "os", "os_hostname",
                "os_info.distribution", "os_info.version", "package_mgr", "primary_interface", "service_mgr"],
            FactKeys.All);

    [Fact]
    public void A_rule_waits_for_the_host_when_a_text_holds_known_references()
    {
        var request = Bytes("""{"interface_name":"@fact.interface.primary","servers":["@fact.custom.dns"],"search_domains":["@fact.hostname.example.com"]}""");

        var bound = Assert.IsType<UpdateDns>(RequestBinder.Bind(NetworkOperations.UpdateDns.RequestInfo, request).Value);

        Assert.Equal("@fact.interface.primary", bound.InterfaceName.Value);
        Assert.Equal("@fact.custom.dns", bound.Servers![0].Value);
        Assert.Equal("@fact.interface.primary", ((InterfaceName)"@fact.interface.primary").Value);
    }

    [Fact]
    public void On_the_host_every_rule_holds_again()
    {
        var request = Bytes("""{"interface_name":"@fact.interface.primary","servers":["@fact.custom.dns"]}""");

        Assert.Equal(
            ["interface_name", "servers[0]"],
            RequestBinder.BindResolved(NetworkOperations.UpdateDns.RequestInfo, request).Problems.Select(problem => problem.Member));
    }

    [Fact]
    public void An_unknown_reference_in_a_text_with_a_rule_is_named_before_it_is_sent() =>
        Assert.Equal(
            "interface_name holds the unknown reference @fact.interface.primry; did you mean '@fact.interface.primary'?",
            RequestBinder.Bind(NetworkOperations.GetDns.RequestInfo, Bytes("""{"interface_name":"@fact.interface.primry"}""")).Text);

    [Fact]
    public void Every_text_with_a_rule_that_a_host_gets_takes_references() =>
        Assert.All(OperationCatalog.Default.Where(operation => operation.RunsOn == RunsOn.Host).SelectMany(operation => Contract.Members(operation.RequestInfo)), member =>
        {
            var info = member.Owner.Options.GetTypeInfo(member.Property.PropertyType);
            if (info.Converter is ITextConverter)
                Assert.NotNull(System.Text.Json.JsonSerializer.Deserialize("\"@fact.custom.x\"", info));
        });

    [Fact]
    public void A_text_that_the_controller_itself_acts_on_takes_none() =>
        Assert.False(JobId.TryParse("@fact.hostname", out _));

    [Fact]
    public void Text_without_the_prefix_stays_and_text_is_pending_exactly_when_it_resolves_to_something_else() =>
        Gen.Int[0, Words.Length - 1].Select(index => Words[index]).Array[0, 8].Select(parts => string.Concat(parts)).Sample(text =>
        {
            List<string> problems = [];
            var resolved = FactReference.Resolve(text, _ => "V", problems);

            Assert.Equal(text.Contains("@fact.", StringComparison.Ordinal), resolved != text || problems.Count > 0);
            Assert.Equal(FactReference.ArePending(text), resolved != text && problems.Count == 0);
            Assert.Equal(problems.Distinct(), FactReference.Unknown(text));
        });

    private static (string Text, string Problems) Resolve(string text)
    {
        List<string> problems = [];
        return (FactReference.Resolve(text, key => FactKeys.Value(Facts, key), problems), string.Join('|', problems));
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
