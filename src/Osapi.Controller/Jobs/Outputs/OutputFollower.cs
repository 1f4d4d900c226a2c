using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Osapi.Controller.Jobs.Active;
using Osapi.Controller.Jobs.ReadModel;
using Osapi.Controller.Limits;
using Osapi.Operations;
using Osapi.Operations.Jobs;
using Osapi.Operations.Json;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs.Outputs;

/// <summary>Reads the output of a job on one host from the store, at the reader's own pace.</summary>
internal sealed class OutputFollower(ITransport transport, JobIndex index, ActiveJobs activeJobs, JobFollower follower, LargeResponses large, TimeProvider time)
{
    /// <summary>The time after which the store is asked again for the next chunk of a command that runs.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Enumerates the output; each part is valid until the next one.</summary>
    /// <param name="id">The job.</param>
    /// <param name="executor">The executor's key.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="follow">True to go on until the job has ended on the host; false to end with what is in the store.</param>
    /// <param name="context">The request of the reader.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <exception cref="OperationException">The job was deleted.</exception>
    /// <exception cref="TransportException">The store does not answer, or the output is damaged.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        JobId id, string executor, OutputStream stream, bool follow, HttpContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using OutputPosition position = new();
        await using OutputTail tail = new(transport, id, stream);
        while (true)
        {
            // Taken before the state is read, so that no change is missed.
            var active = activeJobs.Find(id);
            var change = active?.NextChange;
            var state = StateOf(id, executor, active)?.Event;
            if (state is not null && JobEntries.ChunksOf(transport, id, executor, state) is { } chunks)
                while (await position.ReadAsync(chunks, stream, cancellationToken) is { IsEmpty: false } bytes)
                    yield return bytes;
            if (state is not null and not { Kind: JobEventKind.Start })
            {
                if (state.Output?.Find(stream) is { } stored)
                    position.Verify(stored);
                else
                    yield return position.RestOf(await InlineAsync(state, stream, context));
                yield break;
            }

            if (!follow)
                yield break;
            follower.Hurry();
            if (state?.Host is { } host)
                await tail.RequestAsync(HostKey.Of(host), position.Bytes, cancellationToken);
            await WaitAsync(change, tail.Next, cancellationToken);
            if (await tail.TakeAsync(position.Bytes) is { IsEmpty: false } part)
            {
                position.Add(part.Span);
                yield return part;
            }
        }
    }

    private ExecutorState? StateOf(JobId id, string executor, ActiveJob? active)
    {
        if (active is { LostReason: null })
            return active.States.GetValueOrDefault(executor);
        return (index.Find(id) ?? throw new OperationException(ErrorType.NotFound, $"job {id} was deleted")).States.GetValueOrDefault(executor);
    }

    // A reply that has all of the output.
    private async Task<string> InlineAsync(JobEvent state, OutputStream stream, HttpContext context)
    {
        if (state.ObjectName is not null)
            await large.EnterAsync(context);
        var loaded = await JobEntries.LoadAsync(transport, state, context.RequestAborted);
        return loaded.Entry is { } entry ? JsonConventions.Text(entry, SnakeCaseName.Of(stream)) ?? "" : "";
    }

    private async Task WaitAsync(Task? change, Task? part, CancellationToken cancellationToken)
    {
        Task[] awaited = [.. new[] { change, part }.OfType<Task>()];
        if (awaited.Length == 0)
            await Task.Delay(Interval, time, cancellationToken);
        else
            await ((Task)Task.WhenAny(awaited)).WaitAsync(Interval, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }
}
