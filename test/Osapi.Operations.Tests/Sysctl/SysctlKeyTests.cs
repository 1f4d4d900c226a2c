using Osapi.Operations.Json;
using Osapi.Operations.Sysctl;

namespace Osapi.Operations.Tests.Sysctl;

/// <summary>Tests of the names and values of kernel settings.</summary>
public sealed class SysctlKeyTests
{
    [Theory]
    [InlineData("net.ipv4.ip_forward", "net.ipv4.ip_forward", "net/ipv4/ip_forward")]
    [InlineData("net/ipv4/ip_forward", "net.ipv4.ip_forward", "net/ipv4/ip_forward")]
    [InlineData("net.ipv4.conf.eth0/100.forwarding", "net.ipv4.conf.eth0/100.forwarding", "net/ipv4/conf/eth0.100/forwarding")]
    [InlineData("net/ipv4/conf/eth0.100/forwarding", "net.ipv4.conf.eth0/100.forwarding", "net/ipv4/conf/eth0.100/forwarding")]
    [InlineData("net/ipv4/conf/a.b.c/forwarding", "net.ipv4.conf.a/b/c.forwarding", "net/ipv4/conf/a.b.c/forwarding")]
    [InlineData("net.ipv4.conf.br-a@b:1.forwarding", "net.ipv4.conf.br-a@b:1.forwarding", "net/ipv4/conf/br-a@b:1/forwarding")]
    [InlineData("dev.raid.speed_limit_MAX", "dev.raid.speed_limit_MAX", "dev/raid/speed_limit_MAX")]
    [InlineData("vm", "vm", "vm")]
    public void The_first_separator_decides_and_both_forms_are_one_key(string text, string value, string path)
    {
        SysctlKey key = text;

        Assert.Equal((value, path), (key.Value, key.Path));
        Assert.Equal(key, (SysctlKey)path);
        Assert.Equal(key, (SysctlKey)key.Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("/")]
    [InlineData("/net/ipv4")]
    [InlineData("net.")]
    [InlineData("net..ipv4")]
    [InlineData("net//ipv4")]
    [InlineData("net/../kernel")]
    [InlineData("net/./ipv4")]
    [InlineData("net.//.kernel")]
    [InlineData("net./.x")]
    [InlineData("net.x/")]
    [InlineData("net/.x")]
    [InlineData("net/x.")]
    [InlineData("net/a..b")]
    [InlineData("-net.ipv4")]
    [InlineData("net.*.x")]
    [InlineData("net.ipv4 = 1")]
    [InlineData("net.x\n")]
    [InlineData("net.x\0")]
    [InlineData("net.ä")]
    public void A_key_that_leaves_the_directory_or_is_another_line_of_a_file_is_refused(string text) => Assert.Throws<FormatException>(() => (SysctlKey)text);

    [Fact]
    public void The_name_of_the_file_of_a_key_is_not_too_long()
    {
        Assert.Equal(240, ((SysctlKey)new string('a', 240)).Value.Length);
        Assert.Throws<FormatException>(() => (SysctlKey)new string('a', 241));
    }

    [Fact]
    public void A_reference_to_a_fact_keeps_its_form_until_the_host_has_its_value() =>
        Assert.Equal("net/ipv4/conf/@fact.hostname/forwarding", ((SysctlKey)"net/ipv4/conf/@fact.hostname/forwarding").Value);

    [Theory]
    [InlineData("1")]
    [InlineData("-1")]
    [InlineData("4096 131072\t6291456")]
    [InlineData("|/usr/share/apport/apport -p%p -- %E")]
    [InlineData("\"quoted\"")]
    public void A_value_is_kept_as_it_is(string text) => Assert.Equal(text, ((SysctlValue)text).Value);

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1\n")]
    [InlineData("1\nkernel.modprobe = /tmp/x")]
    [InlineData("1\r2")]
    [InlineData("1\0")]
    public void A_value_of_more_than_a_line_is_refused(string text) => Assert.Throws<FormatException>(() => (SysctlValue)text);

    [Theory]
    [InlineData("1 2", "1\t2", true)]
    [InlineData("1 2", "12", false)]
    [InlineData("1", "01", false)]
    [InlineData(null, null, true)]
    [InlineData(null, "", false)]
    public void Fields_are_compared(string? one, string? other, bool same) => Assert.Equal(same, SysctlValue.AreSame(one, other));

    [Fact]
    public void A_change_of_nothing_is_refused() =>
        Assert.Equal("runtime must not be false together with persistent", RequestBinder.BindResolved(SysctlOperations.Update.RequestInfo, """{"key":"vm.swappiness","value":"1","runtime":false,"persistent":false}"""u8.ToArray()).Text);
}
