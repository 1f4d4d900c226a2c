using Osapi.Agent.Hosts.Identity;
using Osapi.Operations;

namespace Osapi.Agent.Tests.Registration;

/// <summary>Names of machines and agents.</summary>
public sealed class AgentNameTests
{
    [Theory]
    [InlineData("web-01"), InlineData("WEB-01.example.com"), InlineData("a"), InlineData("node_1"), InlineData("1")]
    public void The_machines_name_is_the_agents_when_a_target_can_say_it(string name)
    {
        Assert.Equal(name, AgentNameRules.Of(given: null, () => name));
        Assert.Equal(name, AgentNameRules.Of(name, () => throw new InvalidOperationException("not asked for")));
    }

    [Theory]
    [InlineData("web 1"), InlineData("_any"), InlineData("_all"), InlineData("_x"), InlineData("host."), InlineData(".host"), InlineData("-host"), InlineData("(none)"), InlineData("group:web"), InlineData("wéb"), InlineData("a/b"), InlineData("a\u001b[2J"), InlineData("")]
    public void Any_other_name_is_refused_with_what_to_do(string name)
    {
        var machine = Assert.Throws<OperationException>(() => AgentNameRules.Of(given: null, () => name));
        var given = Assert.Throws<ArgumentException>(() => AgentNameRules.Of(name, () => "web-01"));

        Assert.Equal(ErrorType.Invalid, machine.Type);
        Assert.Contains("agent.hostname", machine.Message, StringComparison.Ordinal);
        Assert.StartsWith("The agent's name cannot be", given.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_has_at_most_253_characters()
    {
        Assert.Equal(253, AgentNameRules.Of(new string('a', 253), () => "").Length);
        Assert.Throws<ArgumentException>(() => AgentNameRules.Of(new string('a', 254), () => ""));
    }
}
