using System.Security.Cryptography;
using Osapi.Client;

namespace Osapi.Controller.Tests.Files;

/// <summary>Tests of the memory that a large file takes, with nothing else running in the process.</summary>
[CollectionDefinition(nameof(UploadMemoryTests), DisableParallelization = true), Collection(nameof(UploadMemoryTests))]
public sealed class UploadMemoryTests : ControllerTest
{
    [Fact]
    public async Task A_large_upload_and_its_download_take_little_memory()
    {
        const long size = 300L * 1024 * 1024;
        using OsapiClient client = new(fixture.Http.BaseAddress!, fixture.Admin);
        GC.Collect();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using MemoryWatch watch = new();

        var stored = await client.File.UploadAsync("large", new EndlessStream(size), cancellationToken: TestContext.Current.CancellationToken);
        await using var content = await client.File.DownloadAsync("large", TestContext.Current.CancellationToken);
        var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, TestContext.Current.CancellationToken));

        Assert.Equal((size, sha256), (stored.Size, stored.Sha256));
        // Client, controller and store are all in this process.
        Assert.InRange(watch.Highest - before, long.MinValue, 64 * 1024 * 1024);
    }

    /// <summary>A stream of this many bytes, which cannot be rewound.</summary>
    private sealed class EndlessStream(long size) : Stream
    {
        private long position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => position; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            count = (int)Math.Min(count, size - position);
            buffer.AsSpan(offset, count).Fill((byte)(position >> 16));
            position += count;
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    /// <summary>Records the maximum of live memory after any collection.</summary>
    private sealed class MemoryWatch : IDisposable
    {
        private long highest;
        private bool disposed;

        public MemoryWatch() => _ = new Sentinel(this);

        public long Highest => Math.Max(highest, GC.GetTotalMemory(forceFullCollection: true));

        public void Dispose() => disposed = true;

        // Finalized and created again at each collection.
        private sealed class Sentinel(MemoryWatch watch)
        {
            ~Sentinel()
            {
                // Without the gaps that earlier tests left in the heap.
                var info = GC.GetGCMemoryInfo();
                watch.highest = Math.Max(watch.highest, info.HeapSizeBytes - info.FragmentedBytes);
                if (!watch.disposed)
                    _ = new Sentinel(watch);
            }
        }
    }
}
