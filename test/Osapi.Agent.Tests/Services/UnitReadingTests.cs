using Osapi.Agent.Hosts.Services;
using Osapi.Agent.Tests.Hosts;
using Osapi.Operations;

namespace Osapi.Agent.Tests.Services;

/// <summary>Tests of what systemd and the files of a host could say.</summary>
public sealed class UnitReadingTests
{
    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("Id=web.service\nLoadState=loaded\n")]
    [InlineData("=\n=x\nId\n")]
    public void An_answer_that_describes_no_unit_is_a_failure(string output) =>
        Assert.Equal(ErrorType.Failed, Assert.Throws<OperationException>(() => SystemdUnit.Parse(output)).Type);

    [Fact]
    public void Values_with_equal_signs_and_those_that_are_not_set_are_read()
    {
        var unit = SystemdUnit.Parse("Id=web.service\nLoadState=loaded\nActiveState=active\nDescription=a=b=c\nMemoryCurrent=[not set]\nTasksCurrent=18446744073709551615\nMainPID=0\nNRestarts=x\nId=other.service\n");

        Assert.Equal(("web.service", "a=b=c", null, null, null, 0), (unit.Id, unit.Description, unit.Memory, unit.Tasks, unit.MainPid, unit.Restarts));
    }

    [Theory]
    [InlineData("0::/system.slice/osapi-agent.service\n", "osapi-agent.service")]
    [InlineData("0::/system.slice/osapi-agent.service/jobs/one\n", "osapi-agent.service")]
    [InlineData("12:cpu:/\n1:name=systemd:/system.slice/osapi.service\n0::/\n", "osapi.service")]
    [InlineData("0::/user.slice/user-0.slice/session-3.scope\n", "session-3.scope")]
    [InlineData("0::/\n", null)]
    [InlineData("", null)]
    public void The_agents_own_unit_is_the_one_of_its_control_group(string text, string? unit) => Assert.Equal(unit, OwnUnit.Parse(text));

    [Theory]
    [InlineData("[Install]\nWantedBy=a.target b.target\n", "/etc/systemd/system/a.target.wants/web.service /etc/systemd/system/b.target.wants/web.service")]
    [InlineData("[Install]\nWantedBy=a.target\nWantedBy=\nRequiredBy=c.target\n", "/etc/systemd/system/c.target.requires/web.service")]
    [InlineData("[Unit]\nWantedBy=a.target\n[Install]\n# WantedBy=b.target\n; x\nAlias=nick.service\n", "/etc/systemd/system/nick.service")]
    [InlineData("[Install]\nWantedBy=a.target \\\n  b.target\n", "/etc/systemd/system/a.target.wants/web.service /etc/systemd/system/b.target.wants/web.service")]
    [InlineData("[Install]\nAlias=../../../etc/passwd\n", "")]
    [InlineData("[Install]\nWantedBy=%i.target\n", "")]
    [InlineData("", "")]
    public void The_links_of_a_unit_are_those_of_its_install_section(string text, string links)
    {
        using var tree = new PreparedTree().With("lib/systemd/system/web.service", text);
        var unit = SystemdUnit.Parse("Id=web.service\nLoadState=loaded\nActiveState=active\nFragmentPath=/lib/systemd/system/web.service\n");

        var found = UnitInstallation.Read(tree.Host, unit);

        Assert.Equal(links, string.Join(' ', found.Links));
        Assert.Equal(links.Length > 0 || text.Length == 0, found.IsKnown);
    }
}
