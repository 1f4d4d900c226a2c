using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Tests.Jobs;

/// <summary>The size of an object is claimed by its writer; memory is allocated only for received content.</summary>
public sealed class ClaimedSizeTests
{
    private const int Megabyte = 1024 * 1024;

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(20)]
    public async Task A_host_that_claims_a_huge_result_takes_no_more_memory_than_a_few_times_what_it_stored(int megabytes)
    {
        await using var fixture = await ControllerFixture.OpenAsync();
        ClaimingStream content = new(claimed: 2L * JobEntries.MaxSize, real: megabytes * Megabyte);
        BrokenTransport transport = new(fixture.Transport) { Results = new Claiming(content) };

        var state = await JobEntries.LoadAsync(transport, new() { Kind = JobEventKind.Finished, ObjectName = "web-01/job" }, fixture.TestTimeout);

        Assert.Null(state.Entry);
        Assert.InRange(content.LargestBuffer, 1, Megabyte + 8 * megabytes * Megabyte);
    }

    private sealed class Claiming(Stream content) : IObjects
    {
        public Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken) => Task.FromResult<Stream?>(content);

        public Task<ObjectInfo> PutAsync(string name, Stream content, string? metadata, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ObjectInfo?> FindAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<ObjectInfo>> ListAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private sealed class ClaimingStream(long claimed, long real) : Stream
    {
        public int LargestBuffer { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => claimed;

        public override long Position { get; set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            LargestBuffer = Math.Max(LargestBuffer, buffer.Length);
            var count = (int)Math.Min(Math.Min(buffer.Length, Megabyte / 2), real - Position);
            Position += count;
            return ValueTask.FromResult(count);
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
