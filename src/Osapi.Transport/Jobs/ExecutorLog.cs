using Osapi.Operations;

namespace Osapi.Transport.Jobs;

/// <summary>
/// Appends states of one executor, each after the last message of its subject and only if the fold allows it. When
/// somebody else was faster, what is new is read and it is decided again.
/// </summary>
/// <remarks>
/// What was read stays read, so that a caller who tries again with the same instance comes to the end also of a subject
/// that somebody floods. Only one call at a time.
/// </remarks>
public sealed class ExecutorLog
{
    private const int Page = 500;
    private const int MaxAttempts = 20;
    private const int MaxParallelReads = 3;
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromMilliseconds(50);

    private readonly ITransport transport;
    private readonly string subject;

    /// <summary>The states of an executor of which nothing is known yet.</summary>
    public ExecutorLog(ITransport transport, JobId jobId, string executor)
        : this(transport, new ExecutorFold(jobId, executor))
    {
    }

    /// <summary>The states of an executor of which something is known; it need not be the newest.</summary>
    public ExecutorLog(ITransport transport, ExecutorFold known)
    {
        this.transport = transport;
        Fold = known;
        subject = Subjects.State(known.JobId, known.Executor);
    }

    /// <summary>What is known.</summary>
    public ExecutorFold Fold { get; private set; }

    /// <summary>Reads what was appended since, from the log's leader.</summary>
    /// <exception cref="TransportException">The store does not answer.</exception>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        var after = Fold.LastSequence > 0 ? Fold.LastSequence : await BeginningAsync(cancellationToken);
        var messages = await transport.ReadAsync(StreamName.Jobs, subject, after, Page, cancellationToken);
        foreach (var message in messages)
            Fold = Fold.Apply(message, out _);
        if (messages.Count > 0)
            return;
        // What was written before the job was there says nothing about it, but the next one is appended after it. A
        // subject without a message is that of a job that was removed meanwhile.
        var last = await transport.LastAsync(StreamName.Jobs, subject, cancellationToken);
        Fold = last is null ? new(Fold.JobId, Fold.Executor) : Fold with { LastSequence = last.Sequence };
    }

    /// <summary>Appends a state, if it may still come next when it is appended.</summary>
    /// <param name="next">The state.</param>
    /// <param name="onlyAfter">Says of what stands there whether it is still to be appended; it is when null.</param>
    /// <param name="cancellationToken">Gives up; it may be appended all the same.</param>
    /// <returns>True when it is the executor's state now; otherwise <see cref="Fold"/> says what is, which is nothing when the job was removed meanwhile.</returns>
    /// <exception cref="TransportException">The store does not answer, or others append to the subject all the time.</exception>
    public async Task<bool> AppendAsync(JobEvent next, Func<JobEvent?, bool>? onlyAfter, CancellationToken cancellationToken)
    {
        var payload = JobJson.Bytes(next);
        for (var attempt = 1; Fold.Refusal(next) is null && onlyAfter?.Invoke(Fold.State?.Event) != false; attempt++)
        {
            var result = await transport.AppendAsync([new(StreamName.Jobs, subject, payload, Fold.LastSequence)], cancellationToken);
            if (result.Appended)
            {
                Fold = Fold with { State = new(next, result.Sequence, transport.ServerNow), LastSequence = result.Sequence };
                return true;
            }

            if (attempt == MaxAttempts)
                throw new TransportException($"others append to {subject} all the time");
            if (attempt > MaxParallelReads)
                await Task.Delay(MaxRetryDelay * Random.Shared.NextDouble(), TimeProvider.System, cancellationToken);
            await ReadAsync(cancellationToken);
            // Something stood there when it was refused: the job was removed, and nothing of it is to begin again.
            if (Fold.LastSequence == 0)
                return false;
        }

        return false;
    }

    // Looking for the first message from the beginning of the log would search all of it.
    private async Task<long> BeginningAsync(CancellationToken cancellationToken) =>
        await transport.LastAsync(StreamName.Jobs, Subjects.Record(Fold.JobId), cancellationToken) is { } record
        && JobRecord.TryParse(Fold.JobId, record.Payload, out var job, out _) && job.Deletion is null
            ? record.Sequence
            : 0;
}
