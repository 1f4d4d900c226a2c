using Osapi.Agent.Tests.Hosts;
using Osapi.Operations.Node;

namespace Osapi.Agent.Tests.Node;

public sealed class LoadTests
{
    [Theory]
    [InlineData("0.32 0.28 0.25 1/212 15423\n", 0.32, 0.28, 0.25)]
    [InlineData("0.00 0.00 0.00 1/1 1\n", 0, 0, 0)]
    [InlineData("1503.71 900.5 12 3/4000 99\n", 1503.71, 900.5, 12)]
    public async Task The_three_averages_are_read(string file, double one, double five, double fifteen)
    {
        using var tree = new PreparedTree().With("proc/loadavg", file);

        Assert.Equal(new() { OneMinute = one, FiveMinutes = five, FifteenMinutes = fifteen }, (await tree.ResultAsync(NodeOperations.Load)).LoadAverage);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0.32 0.28")]
    [InlineData("0.32 0,28 0.25 1/2 3")]
    [InlineData("NaN 0.28 0.25 1/2 3")]
    [InlineData("-1 0.28 0.25 1/2 3")]
    public async Task An_invalid_file_is_named(string file)
    {
        using var tree = new PreparedTree().With("proc/loadavg", file);

        Assert.Equal("/proc/loadavg has no three averages", await tree.ErrorAsync(NodeOperations.Load));
    }
}
