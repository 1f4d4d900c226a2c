using Osapi.Transport.Embedded;

namespace Osapi.Transport.Tests.Embedded;

public sealed class FullDiskTests : EmbeddedTest
{
    [Fact]
    public async Task Appends_fail_while_the_disk_is_full_and_work_again_afterwards()
    {
        var directory = Path.Combine(fixture.Directory, "disk");
        await using var disk = await SmallDisk.MountAsync(directory, size: "4m");
        var reserve = Path.Combine(directory, "reserve");
        await File.WriteAllBytesAsync(reserve, new byte[1_000_000], Token);
        await using var transport = await EmbeddedTransport.OpenAsync(new() { Directory = Path.Combine(directory, "state") }, Token);
        long acknowledged = 0;

        var failure = await Assert.ThrowsAsync<TransportException>(FillAsync);
        Assert.Contains("full", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<TransportException>(FillAsync);
        await Assert.ThrowsAsync<TransportException>(() => transport.Files.PutAsync("a", new Contract.Noise(4_000_000), null, Token));
        Assert.Equal(acknowledged, (await transport.StateAsync(StreamName.Jobs, Token)).LastSequence);

        File.Delete(reserve);
        Assert.Equal(acknowledged + 1, (await AppendAsync()).Sequence);
        await transport.Files.PutAsync("a", new Contract.Noise(10), null, Token);
        Assert.Single(await transport.Files.ListAsync(Token));
        Assert.Single(Directory.GetFiles(Path.Combine(directory, "state", "objects")));

        async Task FillAsync()
        {
            while (true)
                acknowledged = (await AppendAsync()).Sequence;
        }

        Task<AppendResult> AppendAsync() => transport.AppendAsync([new(StreamName.Jobs, "a", new byte[50_000])], Token);
    }
}
