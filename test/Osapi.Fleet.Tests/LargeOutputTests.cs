using System.Security.Cryptography;
using System.Text;
using Osapi.Fleet.Tests.Running;
using Osapi.Operations.Command;

namespace Osapi.Fleet.Tests;

/// <summary>P7: results that are larger than a message arrive complete.</summary>
[Collection(SingleBrokerSuites.Name)]
public sealed class LargeOutputTests(SingleBroker broker)
{
    [Fact]
    public async Task Fifty_megabytes_of_output_arrive_whole_through_a_broker_that_takes_messages_of_one()
    {
        var fleet = await broker.GetAsync();
        const int Bytes = 50_000_000;
        ShellCommand request = new() { Command = $"seq 1 100000000 | head -c {Bytes} | tee /var/large | cat", Timeout = 300 };

        var begin = TimeProvider.System.GetTimestamp();
        var reply = await fleet.Calls[0].Waiting.SendAsync(CommandOperations.Shell, request, fleet.Agents[1].Host.Name, new() { StartWithin = TimeSpan.FromSeconds(60), MaxOutput = Bytes }, TestContext.Current.CancellationToken);
        var took = TimeProvider.System.GetElapsedTime(begin);

        var result = Assert.Single(reply.As(CommandOperations.Shell).Hosts).Result!;
        var written = Convert.ToHexStringLower(await SHA256.HashDataAsync(File.OpenRead(fleet.Agents[1].Host.Outside("/var/large")), TestContext.Current.CancellationToken));
        Size.Say($"{result.Stdout.Length} bytes after {took.TotalSeconds:0.0} s, SHA-256 {written[..16]}...");
        Assert.Equal(Bytes, result.Stdout.Length);
        Assert.False(result.StdoutTruncated);
        Assert.Equal(written, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(result.Stdout))));
    }
}
