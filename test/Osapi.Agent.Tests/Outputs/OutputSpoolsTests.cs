using Microsoft.Extensions.Logging.Abstractions;
using Osapi.Agent.Hosts.Processes;
using Osapi.Agent.Outputs;
using Osapi.Operations;
using Osapi.Operations.Jobs;
using Osapi.Transport.Embedded;
using Osapi.Transport.Jobs.Outputs;

namespace Osapi.Agent.Tests.Outputs;

/// <summary>Tests of the way of a large output from a command to the store.</summary>
public sealed class OutputSpoolsTests : IAsyncDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("osapi-output-");
    private EmbeddedTransport? transport;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Spool => Path.Combine(root.FullName, "output");

    public async ValueTask DisposeAsync()
    {
        if (transport is not null)
            await transport.DisposeAsync();
        root.Delete(recursive: true);
    }

    [Fact]
    public async Task A_large_output_is_stored_while_it_is_written_and_again_by_the_next_run()
    {
        var id = JobId.New();
        var written = new byte[(3 * OutputChunks.Size) + 7];
        Random.Shared.NextBytes(written);
        var spools = await OpenAsync(new());
        using (var spool = spools.Open(id, "web-01"))
        {
            SpooledCapture capture = new(spool, OutputStream.Stdout);
            foreach (var part in written.Chunk(60_000))
                capture.Keep(part);
            OutputChunks chunks = new(transport!, "web-01", id, "web-01");
            while (!await chunks.ExistsAsync(OutputStream.Stdout, 3, Token))
                await Task.Yield();
            Assert.Equal((true, written.Length), (capture.Text().Truncated, capture.Text().Bytes));
            spool.Flush();
        }

        // Killed before the end was written: the next run has the file only.
        using var next = (await OpenAsync(new())).Open(id, "web-01");
        Assert.True(next.Resume());
        var stored = (await next.StoreAsync())!;
        Assert.Equal((written.Length, 4, null), ((int)stored.Stdout!.Bytes, stored.Stdout.Chunks, stored.Stderr));
        List<byte> read = [];
        await foreach (var chunk in new OutputChunks(transport!, "web-01", id, "web-01").ReadAllAsync(OutputStream.Stdout, stored.Stdout, Token))
            read.AddRange(chunk.Span);
        Assert.Equal(written, read);
        next.Unlink();
        Assert.Empty(Directory.GetFiles(Spool));
    }

    private async Task<OutputSpools> OpenAsync(OutputLimits limits)
    {
        transport ??= await EmbeddedTransport.OpenAsync(new() { Directory = Path.Combine(root.FullName, "state") }, Token);
        return new(Spool, limits, transport, "web-01", TimeProvider.System, NullLogger.Instance, Token);
    }
}
