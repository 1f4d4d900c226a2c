using Osapi.Operations;

namespace Osapi.Transport.Jobs;

/// <summary>
/// Appends states of one executor, each after the last message of its subject and only if the transition is allowed.
/// After a lost race it reads the new messages and decides again.
/// </summary>
/// <remarks>
/// The position is kept between calls, so that a caller that retries with the same instance makes progress even on a
/// flooded subject. Only one call at a time.
/// </remarks>
public sealed class ExecutorLog
{
    private const int Page = 500;
    private const int MaxAttempts = 20;
    private const int MaxParallelReads = 3;
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromMilliseconds(50);

    private readonly ITransport transport;
    private readonly string subject;

    /// <summary>Creates the log of an executor whose state is not known yet.</summary>
    public ExecutorLog(ITransport transport, JobId jobId, string executor)
        : this(transport, new ExecutorFold(jobId, executor))
    {
    }

    /// <summary>Creates the log of an executor from a known state, which need not be the newest.</summary>
    public ExecutorLog(ITransport transport, ExecutorFold known)
    {
        this.transport = transport;
        Fold = known;
        subject = Subjects.State(known.JobId, known.Executor);
    }

    /// <summary>The state as last read.</summary>
    public ExecutorFold Fold { get; private set; }

    /// <summary>Reads the newest messages, from the log's leader.</summary>
    /// <exception cref="TransportException">The store does not answer.</exception>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        var after = Fold.LastSequence > 0 ? Fold.LastSequence : await BeginningAsync(cancellationToken);
        var messages = await transport.ReadAsync(StreamName.Jobs, subject, after, Page, cancellationToken);
        foreach (var message in messages)
            Fold = Fold.Apply(message, out _);
        // What another host wrote may be its start. Who cannot check that must not decide without those who can.
        if (messages.Any(message => message.IsForOthers))
            Fold = await StateConfirmation.GetAsync(transport, Fold, cancellationToken);
        if (messages.Count > 0)
            return;
        // Messages older than the job do not count, but the next message is appended after them. A subject without a
        // message belongs to a job that was removed meanwhile.
        var last = await transport.LastAsync(StreamName.Jobs, subject, cancellationToken);
        Fold = last is null ? new(Fold.JobId, Fold.Executor) : Fold with { LastSequence = last.Sequence };
    }

    /// <summary>Appends a state, if it is still a valid successor.</summary>
    /// <param name="next">The state.</param>
    /// <param name="condition">A condition on the current state; null for none.</param>
    /// <param name="cancellationToken">Abandons the call; the state may still be appended.</param>
    /// <returns>
    /// True when it is the executor's state now; otherwise <see cref="Fold"/> has the winning state, or none when the
    /// job was removed meanwhile.
    /// </returns>
    /// <exception cref="TransportException">The store does not answer, or other writers won every attempt.</exception>
    public async Task<bool> AppendAsync(JobEvent next, Func<JobEvent?, bool>? condition, CancellationToken cancellationToken)
    {
        var payload = await JobJson.BytesAsync(next);
        for (var attempt = 1; Fold.GetRejection(next) is null && condition?.Invoke(Fold.State?.Event) != false; attempt++)
        {
            var result = await transport.AppendAsync([new(StreamName.Jobs, subject, payload, Fold.LastSequence) { Known = KnownOf(next, payload) }], cancellationToken);
            if (result.Appended)
            {
                Fold = Fold with { State = new(next, result.Sequence, transport.ServerNow), LastSequence = result.Sequence };
                return true;
            }

            if (attempt == MaxAttempts)
                throw new TransportException($"too many concurrent appends to {subject}");
            if (attempt > MaxParallelReads)
                await Task.Delay(MaxRetryDelay * Random.Shared.NextDouble(), TimeProvider.System, cancellationToken);
            await ReadAsync(cancellationToken);
            // The subject had a message at the refusal: the job was removed meanwhile, and must not start again.
            if (Fold.LastSequence == 0)
                return false;
        }

        return false;
    }

    /// <summary>Appends the start and the end of an executor that has no state, once and as one message.</summary>
    /// <returns>False when the executor has a message.</returns>
    /// <exception cref="TransportException">The store does not answer; the message may be appended.</exception>
    public async Task<bool> TryAppendWholeAsync(JobEvent end, CancellationToken cancellationToken)
    {
        var whole = end with { Starts = true };
        var payload = await JobJson.BytesAsync(whole);
        return (await transport.AppendAsync([new(StreamName.Jobs, subject, payload, ExpectedLast: 0) { Known = KnownOf(whole, payload) }], cancellationToken)).Appended;
    }

    private static JobEvent? KnownOf(JobEvent state, byte[] payload) => payload.Length <= JobJson.MaxKnown ? state : null;

    // Searching for a state from the beginning of the log would scan all of it. The first record counts: somebody may have appended a copy of it
    // after the states, which it would hide.
    private async Task<long> BeginningAsync(CancellationToken cancellationToken) =>
        await transport.ReadAsync(StreamName.Jobs, Subjects.Record(Fold.JobId), after: 0, maxCount: 1, cancellationToken) is [{ } record, ..]
        && JobRecord.TryParse(Fold.JobId, record, out var job, out _) && job.Deletion is null
            ? record.Sequence
            : 0;
}
