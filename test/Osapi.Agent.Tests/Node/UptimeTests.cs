using CsCheck;
using Osapi.Agent.Hosts.Metrics;
using Osapi.Agent.Tests.Hosts;
using Osapi.Operations.Node;

namespace Osapi.Agent.Tests.Node;

public sealed class UptimeTests
{
    [Theory]
    [InlineData("368045.99 1200000.00\n", "102h14m5s", 368_045)]
    [InlineData("0.00 0.00\n", "0s", 0)]
    [InlineData("59.99 1.00\n", "59s", 59)]
    [InlineData("60.00 1.00\n", "1m0s", 60)]
    [InlineData("3599.00 1.00\n", "59m59s", 3_599)]
    [InlineData("3600.00 1.00\n", "1h0m0s", 3_600)]
    [InlineData("3605 1\n", "1h0m5s", 3_605)]
    [InlineData("315576000.5 1\n", "87660h0m0s", 315_576_000)]
    public async Task It_is_written_as_a_duration_and_in_whole_seconds(string file, string text, long seconds)
    {
        using var tree = new PreparedTree().With("proc/uptime", file);

        Assert.Equal(new UptimeResult(text, seconds), await tree.ResultAsync(NodeOperations.Uptime));
    }

    [Theory]
    [InlineData(0, "0 days, 0 hours, 0 minutes")]
    [InlineData(59, "0 days, 0 hours, 0 minutes")]
    [InlineData(60, "0 days, 0 hours, 1 minute")]
    [InlineData(90_061, "1 day, 1 hour, 1 minute")]
    [InlineData(368_045, "4 days, 6 hours, 14 minutes")]
    [InlineData(176_400, "2 days, 1 hour, 0 minutes")]
    public void In_words_only_exactly_one_is_singular(long seconds, string words) =>
        Assert.Equal(words, Uptime.Describe(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void The_duration_can_be_read_back_and_never_begins_with_a_zero_unit() =>
        Gen.Long[0, 4_000_000_000].Sample(seconds =>
        {
            var text = Uptime.Compact(TimeSpan.FromSeconds(seconds));

            Assert.Equal(seconds, ReadBack(text));
            Assert.Matches("^([1-9][0-9]*h[0-5]?[0-9]m|[1-9][0-9]?m)?[0-5]?[0-9]s$", text);
        });

    [Theory]
    [InlineData("")]
    [InlineData("up for long")]
    [InlineData("-5.00 1.00")]
    [InlineData("NaN 1")]
    [InlineData("Infinity 1")]
    [InlineData("1e9 1")]
    [InlineData("99999999999999999999999999 1")]
    public async Task An_invalid_file_is_named(string file)
    {
        using var tree = new PreparedTree().With("proc/uptime", file);

        Assert.Equal("/proc/uptime has no seconds since boot", await tree.ErrorAsync(NodeOperations.Uptime));
    }

    private static long ReadBack(string text)
    {
        long total = 0, number = 0;
        foreach (var character in text)
            if (char.IsAsciiDigit(character))
                number = number * 10 + character - '0';
            else
            {
                total += number * (character switch { 'h' => 3600, 'm' => 60, _ => 1 });
                number = 0;
            }

        return total;
    }
}
