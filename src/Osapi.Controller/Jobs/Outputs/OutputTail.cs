using Osapi.Operations;
using Osapi.Operations.Jobs;
using Osapi.Transport;
using Osapi.Transport.Jobs;
using Osapi.Transport.Jobs.Outputs;

namespace Osapi.Controller.Jobs.Outputs;

/// <summary>
/// Asks a host for what a running command has written and the store does not have. A part that is lost is asked for
/// again, or comes with a chunk or the end: the store alone is the truth.
/// </summary>
internal sealed class OutputTail(ITransport transport, JobId id, OutputStream stream) : IAsyncDisposable
{
    private readonly string reader = TailRequest.NewReader();
    private readonly CancellationTokenSource stopping = new();
    private IAsyncEnumerator<Signal>? parts;

    /// <summary>The task that completes when a part comes; null before the first request.</summary>
    public Task<bool>? Next { get; private set; }

    /// <summary>Asks for what comes after an offset. A request that cannot be sent is left out.</summary>
    public async Task RequestAsync(string hostKey, long offset, CancellationToken cancellationToken)
    {
        parts ??= transport.Signals.ListenAsync(Subjects.OutputPart(hostKey, reader), stopping.Token).GetAsyncEnumerator(stopping.Token);
        Next ??= parts.MoveNextAsync().AsTask();
        try
        {
            await transport.Signals.SendAsync(Subjects.Tail(hostKey), JobJson.Bytes(new TailRequest { JobId = id, Stream = stream, Offset = offset, Reader = reader }), cancellationToken);
        }
        catch (TransportException)
        {
            // The next round asks again.
        }
    }

    /// <summary>Takes the part that has come, if it continues at the offset; otherwise empty.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> TakeAsync(long offset)
    {
        if (Next is not { IsCompletedSuccessfully: true } next || !await next)
            return default;
        var part = parts!.Current.Payload;
        Next = parts.MoveNextAsync().AsTask();
        return OutputPart.BytesAt(part, offset);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        if (Next is not null)
            await ((Task)Next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (parts is not null)
            await parts.DisposeAsync();
        stopping.Dispose();
    }
}
