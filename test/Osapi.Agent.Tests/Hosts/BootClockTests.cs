using System.Globalization;

namespace Osapi.Agent.Tests.Hosts;

/// <summary>Tests of the clock that bounds the age of commands, on this machine.</summary>
public sealed class BootClockTests
{
    [Fact]
    public void It_counts_from_the_boot()
    {
        var uptime = double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture);
        var now = Assert.NotNull(OsapiAgent.BootClock.Now);

        Assert.InRange(now.Seconds, uptime - 2, uptime + 60);
        Assert.NotEqual(0UL, now.Boot);
        Assert.InRange(Assert.NotNull(OsapiAgent.BootClock.AgeOf(now)).TotalSeconds, 0, 60);
    }

    [Fact]
    public void A_time_of_another_boot_or_of_the_future_has_no_age()
    {
        var now = Assert.NotNull(OsapiAgent.BootClock.Now);

        Assert.Null(OsapiAgent.BootClock.AgeOf(now with { Seconds = now.Seconds + 100_000 }));
        Assert.Null(OsapiAgent.BootClock.AgeOf(now with { Boot = now.Boot + 1 }));
    }
}
