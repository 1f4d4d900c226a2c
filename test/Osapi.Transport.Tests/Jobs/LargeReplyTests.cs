using System.Text;
using Osapi.Transport.Embedded;
using Osapi.Transport.Jobs;
using Osapi.Transport.Tests.Embedded;

namespace Osapi.Transport.Tests.Jobs;

/// <summary>Tests that the end of a job says what its large reply is, so that no other one is read in its place.</summary>
public sealed class LargeReplyTests : IAsyncLifetime
{
    private static readonly JobEvent Start = new() { Kind = JobEventKind.Start, Host = "web-01", Ledger = "ledger", Session = "session" };

    private readonly EmbeddedFixture fixture = new();
    private EmbeddedTransport transport = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => transport = await fixture.OpenAsync();

    public ValueTask DisposeAsync() => fixture.DisposeAsync();

    [Fact]
    public async Task A_reply_that_is_the_one_of_the_end_is_read()
    {
        var end = await EndAsync('g');

        Assert.Equal(Reply('g').Length, end.ObjectSize);
        Assert.True(JobEvent.TryParse(JobJson.Bytes(end), out var read, out _));
        Assert.Equal(end.ObjectSha256, read.ObjectSha256);
        Assert.Equal('g', (await JobEntries.LoadAsync(transport, read, Token)).Entry!.Value.GetProperty("result").GetProperty("stdout").GetString()![0]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task Another_reply_of_the_same_host_is_not(int longer)
    {
        var end = await EndAsync('g');

        await transport.Results.PutAsync(end.ObjectName!, new MemoryStream(Reply('e', longer)), null, Token);

        Assert.Null((await JobEntries.LoadAsync(transport, end, Token)).Entry);
        // The end of an agent of an earlier version does not say it.
        Assert.NotNull((await JobEntries.LoadAsync(transport, end with { ObjectSize = null, ObjectSha256 = null }, Token)).Entry);
    }

    private Task<JobEvent> EndAsync(char letter) => JobEntries.FinishedAsync(transport, Start, JobIds.Of("job"), "web-01", Reply(letter), Token);

    private static byte[] Reply(char letter, int longer = 0) =>
        Encoding.UTF8.GetBytes($$$"""{"hostname":"web-01","outcome":"ok","result":{"stdout":"{{{new string(letter, JobEntries.MaxInlineSize + longer)}}}"}}""");
}
