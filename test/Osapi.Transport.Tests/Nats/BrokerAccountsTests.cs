using Osapi.Transport.Nats;

namespace Osapi.Transport.Tests.Nats;

/// <summary>Tests of the text of the accounts; <see cref="PermissionTests"/> and <see cref="HostileAgentTests"/> run them.</summary>
public sealed class BrokerAccountsTests
{
    private static readonly BrokerAccounts Accounts = new("osapi");

    [Theory]
    [InlineData("")]
    [InlineData("_any")]
    [InlineData("_all")]
    [InlineData("group:web")]
    [InlineData("web-01,db-01")]
    [InlineData("*")]
    [InlineData(">")]
    [InlineData("web.*")]
    [InlineData("a b")]
    [InlineData("web\" } ] } EVIL { users: [ { user: \"x")]
    [InlineData("web-01\n\"x\" {}")]
    public void A_text_that_is_no_host_name_is_refused(string name)
    {
        Assert.Throws<ArgumentException>(() => Accounts.OfAgent(name, "p"));
        Assert.Throws<ArgumentException>(() => Accounts.UserOf(name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\"b")]
    [InlineData("a\\")]
    [InlineData("a\nb")]
    public void A_password_that_would_end_its_text_is_refused(string password)
    {
        Assert.Throws<ArgumentException>(() => Accounts.OfAgent("web-01", password));
        Assert.Throws<ArgumentException>(() => Accounts.OfControllers(password));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Lab")]
    [InlineData("a.b")]
    [InlineData("a_b")]
    [InlineData(">")]
    public void A_prefix_that_is_no_word_is_refused(string prefix) => Assert.Throws<ArgumentException>(() => new BrokerAccounts(prefix));

    [Fact]
    public void Different_hosts_and_the_controllers_have_different_users()
    {
        string[] hosts = ["web-01", "web.01", "web_01", "controller", "osapi", "Controllers"];

        string[] users = [Accounts.ControllersUser, .. hosts.Select(Accounts.UserOf)];

        Assert.Equal(users.Length, users.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Equal("osapi_web=2E01", Accounts.UserOf("WEB.01"));
    }

    [Fact]
    public void No_import_of_an_agent_is_without_its_key_except_for_what_all_agents_share()
    {
        string[] shared =
        [
            "osapi.job.state.*._any", "osapi.clock.*", "osapi.signal.ping", "osapi.js.STREAM.INFO.*", "osapi.js.STREAM.MSG.GET.OSAPI_JOB", "osapi.js.STREAM.MSG.GET.OBJ_osapi_files", "osapi.js.DIRECT.GET.OBJ_osapi_files",
            "osapi.js.STREAM.MSG.GET.OBJ_osapi_requests", "osapi.js.DIRECT.GET.OBJ_osapi_requests",
            "osapi.js.DIRECT.GET.KV_osapi_hosts.osapi.clock.*", "osapi.js.DIRECT.GET.KV_osapi_roster.$KV.osapi_roster._index", "osapi.js.CONSUMER.MSG.NEXT.OSAPI_CMD.*",
            .. new[] { "any", "quick" }.SelectMany(queue => new[] { $"osapi.js.CONSUMER.INFO.OSAPI_ANY.{queue}", $"osapi.js.CONSUMER.MSG.NEXT.OSAPI_ANY.{queue}", $"$JS.ACK.OSAPI_ANY.{queue}.>" }),
        ];

        var imports = Accounts.OfAgent("web-01", "p").Split('\n').Where(line => line.Contains("subject:", StringComparison.Ordinal)).Select(line => line.Split('"')[3]).ToList();

        Assert.True(imports.Count > 30);
        Assert.Equal(shared.Order(StringComparer.Ordinal), imports.Where(subject => !subject.Split('.').Contains("web-01")).Distinct().Order(StringComparer.Ordinal));
    }
}
