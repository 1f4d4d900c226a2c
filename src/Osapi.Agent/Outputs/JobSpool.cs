using Osapi.Agent.Hosts.Processes;
using Osapi.Operations;
using Osapi.Operations.Jobs;
using Osapi.Operations.Json;
using Osapi.Transport;
using Osapi.Transport.Jobs.Outputs;

namespace Osapi.Agent.Outputs;

/// <summary>The output of one job that is too large for its reply. A job with little output has none.</summary>
/// <param name="spools">The spools of this host.</param>
/// <param name="jobId">The job.</param>
/// <param name="chunks">The job's chunks in the store.</param>
/// <param name="path">The path of the files, without their stream.</param>
internal sealed class JobSpool(OutputSpools spools, JobId jobId, OutputChunks chunks, string path) : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<OutputStream, (SpooledStream Stream, Task<StoredStream> Stored)> streams = [];
    private readonly SpooledCapture?[] captures = new SpooledCapture?[Enum.GetValues<OutputStream>().Length];
    private bool isClosed;

    /// <summary>True when it has no stream.</summary>
    public bool IsEmpty
    {
        get { lock (gate) return streams.Count == 0; }
    }

    /// <summary>Gets the path of the file of a stream.</summary>
    public static string PathOf(string path, OutputStream stream) => $"{path}.{SnakeCaseName.Of(stream)}";

    /// <summary>The number of bytes of output that the reply carries.</summary>
    public long InlineSize => captures.Sum(capture => capture?.InlineSize ?? 0);

    /// <summary>Creates the capture of a stream.</summary>
    public SpooledCapture Capture(OutputStream stream) => captures[(int)stream] = new(this, stream);

    /// <summary>Reads what was written to a stream after an offset, for a reader that follows it.</summary>
    /// <returns>The number of bytes; 0 when there are none yet, and when they cannot be read.</returns>
    public int Read(OutputStream stream, long offset, Span<byte> buffer) => captures[(int)stream]?.Read(offset, buffer) ?? 0;

    /// <summary>Begins a stream, whose chunks are stored while it is written; null when no file can be created.</summary>
    public SpooledStream? Begin(OutputStream stream)
    {
        lock (gate)
        {
            // An abandoned handler gets nothing.
            if (isClosed)
                return null;
            return spools.TryCreate(PathOf(path, stream)) is { } file ? Add(stream, file) : null;
        }
    }

    /// <summary>Opens the streams that an earlier run of the agent left; all of them are stored again.</summary>
    /// <returns>True when there is one.</returns>
    public bool Resume()
    {
        lock (gate)
        {
            foreach (var stream in Enum.GetValues<OutputStream>())
                if (spools.TryOpen(PathOf(path, stream)) is { } file)
                    Add(stream, file).Complete();
            return streams.Count > 0;
        }
    }

    /// <summary>Ends all streams, and waits until they are on the disk; a disk that fails is logged.</summary>
    public void Flush()
    {
        foreach (var (stream, _) in Close())
        {
            stream.Complete();
            try
            {
                stream.Flush();
            }
            catch (IOException exception)
            {
                spools.ReportLost(jobId, exception);
            }
        }
    }

    /// <summary>
    /// Waits until all chunks are in the store; null when there are none, and when they cannot be read from the disk: then the reply has
    /// the beginning and the end, and says that there was more.
    /// </summary>
    /// <exception cref="OperationCanceledException">The agent stops; its next run goes on.</exception>
    public async Task<StoredOutput?> StoreAsync()
    {
        var open = Close();
        if (open.Count == 0)
            return null;
        foreach (var (stream, _) in open)
            stream.Complete();
        try
        {
            await Task.WhenAll(open.Select(each => each.Stored));
        }
        catch (IOException exception)
        {
            spools.ReportLost(jobId, exception);
            return null;
        }

        StoredOutput output = new() { Stdout = await FindAsync(OutputStream.Stdout), Stderr = await FindAsync(OutputStream.Stderr) };
        HeapTrimmer.Released((output.Stdout?.Bytes ?? 0) + (output.Stderr?.Bytes ?? 0));
        return output;
    }

    /// <summary>Removes the files, whose content is in the store.</summary>
    public void Unlink()
    {
        foreach (var (stream, _) in Close())
            stream.Unlink();
    }

    public void Dispose()
    {
        spools.Remove(jobId, this);
        foreach (var (stream, stored) in Close())
            // Not before the last read: a stream is stored until the agent gives up.
            _ = stored.ContinueWith((_, each) => ((SpooledStream)each!).Dispose(), stream, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private SpooledStream Add(OutputStream stream, SpoolFile file)
    {
        var added = spools.NewStream(file);
        streams[stream] = (added, spools.StoreAsync(added, chunks, stream));
        return added;
    }

    private async Task<StoredStream?> FindAsync(OutputStream stream) => streams.TryGetValue(stream, out var found) ? await found.Stored : null;

    private List<(SpooledStream Stream, Task<StoredStream> Stored)> Close()
    {
        lock (gate)
        {
            isClosed = true;
            return [.. streams.Values];
        }
    }
}
