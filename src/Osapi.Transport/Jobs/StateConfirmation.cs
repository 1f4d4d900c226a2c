using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using Osapi.Operations;

namespace Osapi.Transport.Jobs;

/// <summary>
/// Asks the controllers for the state of an executor where an agent cannot check a message itself: only they can tell
/// whether another host wrote it.
/// </summary>
/// <remarks>Request and reply are signals, which the transport authenticates.</remarks>
public static class StateConfirmation
{
    private const int Attempts = 3;
    private const int NonceSize = 16;
    private static readonly TimeSpan ReplyTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Asks a controller whether a job may start now: it is not over, and this host, or none, started it.</summary>
    /// <exception cref="TransportException">No controller replied.</exception>
    public static async Task<bool> MayStartAsync(ITransport transport, JobId jobId, string executor, CancellationToken cancellationToken) =>
        (await AskAsync(transport, new(jobId, executor), cancellationToken)).MayStart;

    /// <summary>Gets the state of an executor from a controller.</summary>
    /// <param name="transport">The transport of an agent.</param>
    /// <param name="known">The executor, and the last sequence that the agent has read: the controller must have read as far.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="TransportException">No controller replied.</exception>
    public static async Task<ExecutorFold> GetAsync(ITransport transport, ExecutorFold known, CancellationToken cancellationToken)
    {
        var reply = await AskAsync(transport, known, cancellationToken);
        return new(known.JobId, known.Executor, reply.State is null ? null : new(reply.State, reply.StateSequence, default), reply.LastSequence);
    }

    private static async Task<ConfirmReply> AskAsync(ITransport transport, ExecutorFold known, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transport);
        if (transport.OwnHost is not { } host)
            throw new TransportException($"the state of job {known.JobId} has a message that cannot be checked here");
        ConfirmRequest request = new() { JobId = known.JobId, Executor = known.Executor, Nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NonceSize)) };
        using var listening = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var replying = ListenAsync(transport, host, request, known.LastSequence, listening.Token);
        try
        {
            // More than once, because a signal may be lost, or sent before the listener is known.
            for (var attempt = 0; attempt < Attempts && !replying.IsCompleted; attempt++)
            {
                await transport.Signals.SendAsync(Subjects.Confirm(host), JobJson.Bytes(request), cancellationToken);
                // Real time, also where a test controls the clock: it only bounds the wait for another process.
                await ((Task)replying).WaitAsync(ReplyTimeout, TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (!replying.IsCompleted)
                throw new TransportException($"no controller confirmed the state of job {known.JobId}");
            return await replying;
        }
        finally
        {
            await listening.CancelAsync();
            await ((Task)replying).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<ConfirmReply> ListenAsync(ITransport transport, string host, ConfirmRequest request, long atLeast, CancellationToken cancellationToken)
    {
        var subject = Subjects.Confirmed(host);
        await foreach (var signal in transport.Signals.ListenAsync(subject, cancellationToken))
            if (ConfirmReply.TryParse(signal.Payload, out var reply) && reply.Nonce == request.Nonce && reply.JobId == request.JobId && reply.Executor == request.Executor && reply.LastSequence >= atLeast)
                return reply;
        throw new TransportException("the store is closed");
    }
}

/// <summary>The signal of an agent that asks for the state of an executor.</summary>
public sealed record ConfirmRequest
{
    private const int MaxSize = 2048;

    /// <summary>The job.</summary>
    public required JobId JobId { get; init; }

    /// <summary>The executor's key.</summary>
    public required string Executor { get; init; }

    /// <summary>The random text that the reply repeats.</summary>
    public required string Nonce { get; init; }

    /// <summary>Parses a request, which anybody may have sent.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out ConfirmRequest? request)
    {
        request = bytes.Length > MaxSize ? null : MessageJson.Parse(bytes, JobJson.Default.ConfirmRequest, out _);
        if (request is { } parsed && (parsed.JobId.IsEmpty || !MessageJson.IsId(parsed.Executor) || !MessageJson.IsId(parsed.Nonce) || !Names.IsKey(parsed.Executor)))
            request = null;
        return request is not null;
    }
}

/// <summary>The signal of a controller with the state of an executor.</summary>
public sealed record ConfirmReply
{
    /// <inheritdoc cref="ConfirmRequest.JobId"/>
    public required JobId JobId { get; init; }

    /// <inheritdoc cref="ConfirmRequest.Executor"/>
    public required string Executor { get; init; }

    /// <inheritdoc cref="ConfirmRequest.Nonce"/>
    public required string Nonce { get; init; }

    /// <summary>The newest valid state, without the reply of its host; null before the first one.</summary>
    public JobEvent? State { get; init; }

    /// <summary>The sequence of <see cref="State"/>; 0 without one.</summary>
    public long StateSequence { get; init; }

    /// <summary>The sequence of the subject's newest message, valid or not.</summary>
    public required long LastSequence { get; init; }

    /// <summary>True when the host that asked may start the job now.</summary>
    public bool MayStart { get; init; }

    /// <summary>Creates the reply to a request.</summary>
    public static ConfirmReply To(ConfirmRequest request, ExecutorFold fold)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new()
        {
            JobId = request.JobId,
            Executor = request.Executor,
            Nonce = request.Nonce,
            State = fold.State is { Event: var state } ? state with { Entry = null, ObjectName = null, ObjectSize = null, ObjectSha256 = null } : null,
            StateSequence = fold.State?.Sequence ?? 0,
            LastSequence = fold.LastSequence,
        };
    }

    /// <summary>Parses a reply, which anybody may have sent.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out ConfirmReply? reply)
    {
        reply = MessageJson.Parse(bytes, JobJson.Default.ConfirmReply, out _);
        if (reply is { State: { } state } && !JobEvent.TryParse(JsonSerializer.SerializeToUtf8Bytes(state, JobJson.Default.JobEvent), out _, out _))
            reply = null;
        return reply is not null;
    }
}
