using System.Globalization;
using System.Text.RegularExpressions;
using CsCheck;
using Osapi.Agent.Hosts;

namespace Osapi.Agent.Tests.Node;

public sealed partial class UptimeFormatTests
{
    private static readonly Gen<long> Seconds = Gen.OneOf(Gen.Long[0, 200_000], Gen.Long[0, 100L * int.MaxValue]);

    [GeneratedRegex(@"\A(?:(?<h>[1-9]\d*)h(?=\d+m))?(?:(?<m>\d+)m)?(?<s>\d+)s\z")]
    private static partial Regex CompactText { get; }

    [GeneratedRegex(@"\A(?<d>\d+) day(?<ds>s?), (?<h>\d+) hour(?<hs>s?), (?<m>\d+) minute(?<ms>s?)\z")]
    private static partial Regex WordsText { get; }

    [Theory]
    [InlineData(0, "0s", "0 days, 0 hours, 0 minutes")]
    [InlineData(1, "1s", "0 days, 0 hours, 0 minutes")]
    [InlineData(59, "59s", "0 days, 0 hours, 0 minutes")]
    [InlineData(60, "1m0s", "0 days, 0 hours, 1 minute")]
    [InlineData(3599, "59m59s", "0 days, 0 hours, 59 minutes")]
    [InlineData(3600, "1h0m0s", "0 days, 1 hour, 0 minutes")]
    [InlineData(90060, "25h1m0s", "1 day, 1 hour, 1 minute")]
    [InlineData(368045, "102h14m5s", "4 days, 6 hours, 14 minutes")]
    [InlineData(100_000_000, "27777h46m40s", "1157 days, 9 hours, 46 minutes")]
    public void Durations_are_written_two_ways(long seconds, string compact, string words)
    {
        Assert.Equal(compact, UptimeInfo.Compact(TimeSpan.FromSeconds(seconds)));
        Assert.Equal(words, UptimeInfo.Words(TimeSpan.FromSeconds(seconds)));
    }

    [Fact]
    public void The_compact_text_reads_back_as_the_same_seconds() => Seconds.Sample(
        seconds =>
        {
            var match = CompactText.Match(UptimeInfo.Compact(TimeSpan.FromSeconds(seconds)));
            return match.Success && Number(match, "m") < 60 && Number(match, "s") < 60
                && Number(match, "h") * 3600 + Number(match, "m") * 60 + Number(match, "s") == seconds;
        },
        iter: Fuzz.Times(100_000));

    [Fact]
    public void The_words_read_back_as_the_same_minutes_and_only_one_is_singular() => Seconds.Sample(
        seconds =>
        {
            var match = WordsText.Match(UptimeInfo.Words(TimeSpan.FromSeconds(seconds)));
            return match.Success && Number(match, "h") < 24 && Number(match, "m") < 60
                && Number(match, "d") * 1440 + Number(match, "h") * 60 + Number(match, "m") == seconds / 60
                && ((string[])["d", "h", "m"]).All(unit => match.Groups[unit + "s"].Length == 0 == (Number(match, unit) == 1));
        },
        iter: Fuzz.Times(100_000));

    private static long Number(Match match, string group) =>
        match.Groups[group] is { Success: true, Value: var text } ? long.Parse(text, CultureInfo.InvariantCulture) : 0;
}
