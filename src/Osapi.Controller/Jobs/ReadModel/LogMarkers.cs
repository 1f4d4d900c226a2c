using System.Collections.Concurrent;
using Osapi.Transport;

namespace Osapi.Controller.Jobs.ReadModel;

/// <summary>Markers in the log of jobs, which show where it ends.</summary>
/// <remarks>
/// There is no other way to find the end. The newest messages may have been removed long ago, and a server that was cut
/// off for a while reports an earlier end. A marker gets its place from the leader of the log and the majority.
/// Markers stay, so that every follower reaches the last sequence of the log.
/// </remarks>
internal sealed class LogMarkers(ITransport transport)
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> awaited = new();

    /// <summary>Appends a marker, and gets its sequence.</summary>
    public async Task<long> AppendAsync(CancellationToken cancellationToken) => (await AppendAsync(NewSubject(), cancellationToken)).Sequence;

    /// <summary>Appends a marker, and gets the task that completes when the follower has read it.</summary>
    public async Task<Task> AppendAwaitedAsync(CancellationToken cancellationToken)
    {
        var marker = NewSubject();
        var seen = awaited[marker] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await AppendAsync(marker, cancellationToken);
        return seen.Task;
    }

    /// <summary>Completes the wait for a marker that was read; other subjects are ignored.</summary>
    public void Observe(string subject)
    {
        if (awaited.TryRemove(subject, out var seen))
            seen.TrySetResult();
    }

    /// <summary>Fails every wait: a marker in a log that is gone is never read.</summary>
    public void Fail(string reason)
    {
        foreach (var marker in awaited.Keys)
            if (awaited.TryRemove(marker, out var seen))
                seen.TrySetException(new TransportException(reason));
    }

    private static string NewSubject() => $"{JobLogEntry.MarkerPrefix}{Guid.NewGuid():N}";

    private Task<AppendResult> AppendAsync(string marker, CancellationToken cancellationToken) =>
        transport.AppendAsync([new(StreamName.Jobs, marker, ReadOnlyMemory<byte>.Empty)], cancellationToken);
}
