using Osapi.Operations.Json;
using Osapi.Operations.Services;

namespace Osapi.Operations.Tests.Services;

public sealed class UnitNameTests
{
    [Theory]
    [InlineData("nginx", "nginx.service")]
    [InlineData("nginx.service", "nginx.service")]
    [InlineData("nginx.socket", "nginx.socket")]
    [InlineData("php8.2-fpm", "php8.2-fpm.service")]
    [InlineData("getty@tty1", "getty@tty1.service")]
    [InlineData(@"dev-disk-by\x2duuid.swap", @"dev-disk-by\x2duuid.swap")]
    [InlineData("org.example.App", "org.example.App.service")]
    public void A_name_without_a_type_is_that_of_a_service(string text, string full) => Assert.Equal(full, new GetServiceStatus { Name = text }.Name.FullName);

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("-nginx")]
    [InlineData("--now")]
    [InlineData("../nginx")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("a;b")]
    [InlineData("a$b")]
    [InlineData("a*")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    [InlineData("nginx.service\n")]
    [InlineData("nginx\u202e")]
    [InlineData("größe")]
    public void Anything_else_is_refused(string text)
    {
        Assert.Null(Text.TryParse<UnitName>(text));
        Assert.Throws<FormatException>(() => (UnitName)text);
    }

    [Fact]
    public void The_type_counts_for_the_maximum_length()
    {
        Assert.NotNull(Text.TryParse<UnitName>(new string('a', 247)));
        Assert.Null(Text.TryParse<UnitName>(new string('a', 248)));
        Assert.NotNull(Text.TryParse<UnitName>(new string('a', 247) + ".service"));
        Assert.Null(Text.TryParse<UnitName>(new string('a', 248) + ".service"));
    }

    [Theory]
    [InlineData("backup@", true)]
    [InlineData("backup@.service", true)]
    [InlineData("backup@home", false)]
    [InlineData("backup@home.timer", false)]
    [InlineData("backup", false)]
    public void A_template_has_no_instance(string text, bool isTemplate) => Assert.Equal(isTemplate, ((UnitName)text).IsTemplate);

    [Fact]
    public void A_template_is_refused_where_a_unit_runs()
    {
        const string problem = "name must name an instance of the template, such as x@NAME";
        var members = new System.Text.Json.Nodes.JsonObject { ["name"] = "x@" };

        Assert.Equal([problem], RequestBinder.Bind(ServiceOperations.Start.RequestInfo, members).Problems.Select(found => found.ToString()));
        members["content"] = "[Service]";
        Assert.Empty(RequestBinder.Bind(ServiceOperations.UpdateUnit.RequestInfo, members).Problems);
        members["enabled"] = true;
        Assert.Equal([problem], RequestBinder.Bind(ServiceOperations.UpdateUnit.RequestInfo, members).Problems.Select(found => found.ToString()));
    }

    [Theory]
    [InlineData("ssh*", true)]
    [InlineData("*.timer", true)]
    [InlineData("[ab]?", true)]
    [InlineData("-x", false)]
    [InlineData("a/*", false)]
    [InlineData("a b", false)]
    [InlineData("", false)]
    public void A_pattern_has_the_characters_of_names_and_wildcards(string text, bool isPattern) => Assert.Equal(isPattern, Text.TryParse<UnitPattern>(text) is not null);

    [Theory]
    [InlineData("limits.conf", true)]
    [InlineData("10-limits.conf", true)]
    [InlineData(".conf", false)]
    [InlineData("a/b.conf", false)]
    [InlineData("-a.conf", false)]
    [InlineData("limits", false)]
    [InlineData("a.conf\n", false)]
    public void A_drop_in_ends_with_conf(string text, bool isName) => Assert.Equal(isName, Text.TryParse<DropInName>(text) is not null);

    [Fact]
    public void A_state_that_contradicts_itself_is_refused()
    {
        Assert.Equal("state is required, unless enabled or masked is given", Problems("{\"name\":\"x\"}"));
        Assert.StartsWith("masked must not be true for a unit that is to run", Problems("{\"name\":\"x\",\"masked\":true,\"state\":\"running\"}"), StringComparison.Ordinal);
        Assert.StartsWith("masked must not be true for a unit that is to be enabled", Problems("{\"name\":\"x\",\"masked\":true,\"enabled\":true}"), StringComparison.Ordinal);
        Assert.Equal("", Problems("{\"name\":\"x\",\"masked\":true,\"enabled\":false,\"state\":\"stopped\"}"));
    }

    [Theory]
    [InlineData(null, null, 92)]
    [InlineData(10, null, 12)]
    [InlineData(10, 60, 70)]
    [InlineData(600, 0, 600)]
    public void The_time_limit_of_a_start_includes_the_time_in_which_it_must_stay_up(int? timeout, int? settle, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), ServiceOperations.Start.TimeoutOf(new StartService { Name = "x", Timeout = timeout, Settle = settle }));

    private static string Problems(string request) => string.Join("; ", RequestBinder.Bind(ServiceOperations.UpdateState.RequestInfo, System.Text.Json.Nodes.JsonNode.Parse(request)!.AsObject()).Problems);
}
