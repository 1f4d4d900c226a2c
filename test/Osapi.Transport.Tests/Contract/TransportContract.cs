using System.Text;

namespace Osapi.Transport.Tests.Contract;

/// <summary>The tests that every transport passes. A class for each implementation inherits it.</summary>
public abstract partial class TransportContract : IAsyncLifetime
{
    private readonly CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly CancellationToken cancelled = new(canceled: true);

    private ITransportFixture Fixture => field ??= CreateFixture();

    private ITransport Transport { get; set; } = null!;

    /// <summary>The token that is cancelled when the test takes too long.</summary>
    private CancellationToken Token => timeout.Token;

    public async ValueTask InitializeAsync()
    {
        timeout.CancelAfter(TimeSpan.FromMinutes(2));
        Transport = await Fixture.OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Fixture.DisposeAsync();
        timeout.Dispose();
        GC.SuppressFinalize(this);
    }

    protected abstract ITransportFixture CreateFixture();

    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private async Task<long> AppendAsync(string subject, string text = "", StreamName stream = StreamName.Jobs)
    {
        var result = await Transport.AppendAsync([new(stream, subject, Bytes(text))], Token);
        Assert.True(result.Appended);
        return result.Sequence;
    }

    private IAsyncEnumerator<Message> Follow(string prefix = "", long after = 0, StreamName stream = StreamName.Jobs) =>
        Transport.FollowAsync(stream, prefix, after, Token).GetAsyncEnumerator(Token);
}
