using System.Runtime.CompilerServices;
using Osapi.Transport.Jobs;

namespace Osapi.Transport.Trust;

/// <summary>
/// A store whose payloads are authenticated and, where they hold requests or results, sealed. The carrier sees
/// envelopes, the job protocol above sees what was in them.
/// </summary>
/// <remarks>
/// Whatever is not valid keeps its sequence and has no payload, so that it changes nothing; see <see cref="Message.Rejection"/>.
/// A signal that is not valid is passed over.
/// </remarks>
public sealed class TrustedTransport : ITransport
{
    private readonly ITransport carrier;
    private readonly TrustParty party;

    private TrustedTransport(ITransport carrier, TrustParty party, SkippedMessages skipped, string? ownHost = null)
    {
        OwnHost = ownHost;
        this.carrier = carrier;
        this.party = party;
        Hosts = new TrustedKeyValues(carrier.Hosts, EnvelopePlace.Hosts, party, skipped);
        Roster = new TrustedKeyValues(carrier.Roster, EnvelopePlace.Roster, party, skipped);
        Results = new TrustedObjects(carrier.Results, EnvelopePlace.Results, party, skipped);
        Signals = new TrustedSignals(carrier.Signals, party, skipped);
    }

    /// <inheritdoc/>
    public IKeyValues Hosts { get; }

    /// <inheritdoc/>
    public IKeyValues Roster { get; }

    /// <inheritdoc/>
    public IObjects Results { get; }

    /// <inheritdoc/>
    public IObjects Files => carrier.Files;

    /// <inheritdoc/>
    public ISignals Signals { get; }

    /// <inheritdoc/>
    public DateTimeOffset ServerNow => carrier.ServerNow;

    /// <inheritdoc/>
    public int MaxMessageSize => carrier.MaxMessageSize - party.MaxOverhead;

    /// <inheritdoc/>
    public bool AppendsAtOnce => carrier.AppendsAtOnce;

    /// <inheritdoc/>
    public bool IsShared => carrier.IsShared;

    /// <inheritdoc/>
    public string? OwnHost { get; }

    /// <summary>Creates the side of a controller.</summary>
    /// <param name="carrier">The store, which is closed with this one.</param>
    /// <param name="keys">The controllers' keys. They stay the caller's.</param>
    /// <param name="hosts">The keys of the enrolled hosts.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="skipped">Counts the values and signals that are not valid; messages are counted by their readers.</param>
    public static TrustedTransport ForController(ITransport carrier, ControllerKeys keys, IHostKeys hosts, TrustPolicy policy, SkippedMessages skipped)
    {
        ArgumentNullException.ThrowIfNull(carrier);
        return new(carrier, new ControllerParty(keys, hosts, policy), skipped);
    }

    /// <summary>Creates the side of an agent.</summary>
    /// <param name="carrier">The store, which is closed with this one.</param>
    /// <param name="secret">What the host shares with the controllers. It is disposed as well.</param>
    /// <param name="controllers">The controllers' key that the agent pins.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="skipped">Counts the values and signals that are not valid; messages are counted by their readers.</param>
    public static TrustedTransport ForAgent(ITransport carrier, HostSecret secret, ControllerPublicKey controllers, TrustPolicy policy, SkippedMessages skipped)
    {
        ArgumentNullException.ThrowIfNull(carrier);
        ArgumentNullException.ThrowIfNull(secret);
        return new(carrier, new AgentParty(secret, controllers, policy), skipped, secret.HostKey);
    }

    /// <inheritdoc/>
    public Task PingAsync(CancellationToken cancellationToken) => carrier.PingAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<AppendResult> AppendAsync(IReadOnlyList<Append> messages, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var envelopes = new Append[messages.Count];
        for (var i = 0; i < envelopes.Length; i++)
            envelopes[i] = messages[i] with { Payload = party.Seal(PlaceOf(messages[i].Stream), messages[i].Subject, messages[i].Payload) };
        return carrier.AppendAsync(envelopes, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Message?> LastAsync(StreamName stream, string subject, CancellationToken cancellationToken) =>
        await carrier.LastAsync(stream, subject, cancellationToken) is { } message ? Open(stream, message) : null;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Message>> ReadAsync(StreamName stream, string subject, long after, int maxCount, CancellationToken cancellationToken)
    {
        var messages = await carrier.ReadAsync(stream, subject, after, maxCount, cancellationToken);
        return messages.Count == 0 ? messages : [.. messages.Select(message => Open(stream, message))];
    }

    /// <inheritdoc/>
    public Task<StreamState> StateAsync(StreamName stream, CancellationToken cancellationToken) => carrier.StateAsync(stream, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<Message> FollowAsync(StreamName stream, string prefix, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var message in carrier.FollowAsync(stream, prefix, after, cancellationToken))
            yield return Open(stream, message);
    }

    /// <inheritdoc/>
    public async Task<QueueDelivery> DequeueAsync(QueueName queue, CancellationToken cancellationToken)
    {
        var delivery = await carrier.DequeueAsync(queue, cancellationToken);
        return new(Open(StreamName.WorkQueue, delivery.Message), delivery.AcknowledgeAsync);
    }

    /// <inheritdoc/>
    public Task PurgeAsync(StreamName stream, string subject, long? before, CancellationToken cancellationToken) => carrier.PurgeAsync(stream, subject, before, cancellationToken);

    /// <inheritdoc/>
    public Task RemoveAsync(StreamName stream, IReadOnlyList<long> sequences, CancellationToken cancellationToken) => carrier.RemoveAsync(stream, sequences, cancellationToken);

    /// <summary>Closes the carrier, and clears the secrets.</summary>
    public async ValueTask DisposeAsync()
    {
        await carrier.DisposeAsync();
        party.Dispose();
    }

    private static EnvelopePlace PlaceOf(StreamName stream) => stream switch
    {
        StreamName.Jobs => EnvelopePlace.Jobs,
        StreamName.Commands => EnvelopePlace.Commands,
        StreamName.WorkQueue => EnvelopePlace.WorkQueue,
        _ => throw new ArgumentOutOfRangeException(nameof(stream), stream, "There is no such log."),
    };

    private Message Open(StreamName stream, Message message)
    {
        var opened = party.Open(PlaceOf(stream), message.Subject, message.Payload, message.Time);
        return message with { Payload = opened.Body, Signer = opened.Signer, Rejection = opened.Rejection, IsForOthers = opened.IsForOthers };
    }
}
