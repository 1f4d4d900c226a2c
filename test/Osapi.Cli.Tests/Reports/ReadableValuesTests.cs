using Osapi.Cli.Rendering;

namespace Osapi.Cli.Tests.Reports;

/// <summary>Tests of sizes, durations, times and lists of hosts for people.</summary>
public sealed class ReadableValuesTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1024, "1.0 KiB")]
    [InlineData(1258291, "1.2 MiB")]
    [InlineData(1048575, "1.0 MiB")]
    [InlineData(270553174016, "252.0 GiB")]
    [InlineData(long.MaxValue, "8.0 EiB")]
    public void A_size_has_the_largest_unit(long bytes, string text) => Assert.Equal(text, ReadableValues.Size(bytes));

    [Theory]
    [InlineData(0, "0 ms")]
    [InlineData(24, "24 ms")]
    [InlineData(999.4, "999 ms")]
    [InlineData(999.6, "1.0 s")]
    [InlineData(3400, "3.4 s")]
    [InlineData(59_900, "59.9 s")]
    [InlineData(59_960, "1 min")]
    [InlineData(125_000, "2 min 5 s")]
    [InlineData(4_320_000, "1 h 12 min")]
    [InlineData(273_600_000, "3 d 4 h")]
    public void A_duration_has_at_most_two_units(double milliseconds, string text) => Assert.Equal(text, ReadableValues.Duration(TimeSpan.FromMilliseconds(milliseconds)));

    [Theory]
    [InlineData(5, "5 s ago")]
    [InlineData(125, "2 min ago")]
    [InlineData(7300, "2 h ago")]
    public void A_recent_time_is_an_age(int seconds, string text)
    {
        DateTimeOffset now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

        Assert.Equal(text, ReadableValues.Time(now.AddSeconds(-seconds), now));
        // Clocks differ, and a date says more than 400 days.
        Assert.StartsWith("2026-01-0", ReadableValues.Time(now.AddSeconds(1), now), StringComparison.Ordinal);
        Assert.StartsWith("2025-", ReadableValues.Time(now.AddDays(-2), now), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_many_hosts_two_are_named()
    {
        Assert.Equal("a, b, c", HostNames.Join(["a", "b", "c"]));
        Assert.Equal("a, b and 2 more", HostNames.Join(["a", "b", "c", "d"]));
    }
}
