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
    private readonly ControllerParty? controllers;
    private readonly object? process;

    private TrustedTransport(ITransport carrier, TrustParty party, SkippedMessages skipped, string? ownHost = null, ControllerParty? controllers = null, object? process = null)
    {
        this.process = process;
        OwnHost = ownHost;
        this.controllers = controllers;
        this.carrier = carrier;
        this.party = party;
        Hosts = new TrustedKeyValues(carrier.Hosts, EnvelopePlace.Hosts, party, skipped);
        Roster = new TrustedKeyValues(carrier.Roster, EnvelopePlace.Roster, party, skipped);
        Results = new TrustedObjects(carrier.Results, EnvelopePlace.Results, party, skipped);
        Files = controllers is null ? carrier.Files : new TrustedFiles(carrier.Files, controllers, party, skipped);
        Signals = new TrustedSignals(carrier.Signals, party, skipped);
    }

    /// <inheritdoc/>
    public IKeyValues Hosts { get; }

    /// <inheritdoc/>
    public IKeyValues Roster { get; }

    /// <inheritdoc/>
    public IObjects Results { get; }

    /// <inheritdoc/>
    public IObjects Files { get; }

    /// <inheritdoc/>
    public IObjects Requests => carrier.Requests;

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
    public bool DeliversLive => carrier.DeliversLive;

    /// <inheritdoc/>
    public string? OwnHost { get; }

    /// <summary>Creates the side of a controller.</summary>
    /// <param name="carrier">The store, which is closed with this one.</param>
    /// <param name="keys">The controllers' keys. They stay the caller's.</param>
    /// <param name="hosts">The keys of the enrolled hosts.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="skipped">Counts the values and signals that are not valid; messages are counted by their readers.</param>
    /// <param name="time">The time; null for the machine's.</param>
    /// <param name="process">The same object for both sides when the agent is in this process: what one has sealed, the other need not open. Null for other processes.</param>
    public static TrustedTransport ForController(ITransport carrier, ControllerKeyChain keys, IHostKeys hosts, TrustPolicy policy, SkippedMessages skipped, TimeProvider? time = null, object? process = null)
    {
        ArgumentNullException.ThrowIfNull(carrier);
        ArgumentNullException.ThrowIfNull(keys);
        ControllerParty? other = keys.Other is null ? null : new(keys.Other, hosts, policy, time);
        ControllerParty present = new(keys.Present, hosts, policy, time) { Other = other };
        return new(carrier, other is null ? present : new TwoKeyParty(present, other), skipped, controllers: present, process: process);
    }

    /// <summary>Creates the side of an agent.</summary>
    /// <param name="carrier">The store, which is closed with this one.</param>
    /// <param name="trust">The controllers' keys that the agent believes.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="skipped">Counts the values and signals that are not valid; messages are counted by their readers.</param>
    /// <param name="clock">The clock of the host; null for none: then the controllers are asked about each command.</param>
    /// <param name="process"><inheritdoc cref="ForController" path="/param[@name='process']"/></param>
    public static TrustedTransport ForAgent(ITransport carrier, AgentTrust trust, TrustPolicy policy, SkippedMessages skipped, BootClock? clock = null, object? process = null)
    {
        ArgumentNullException.ThrowIfNull(carrier);
        ArgumentNullException.ThrowIfNull(trust);
        return new(carrier, new ChangingAgentParty(trust, policy, clock), skipped, trust.HostKey, process: process);
    }

    /// <summary>Seals the descriptions of stored files again that the previous keys have sealed, before those are retired.</summary>
    /// <returns>The number of files.</returns>
    public Task<int> ResealFilesAsync(CancellationToken cancellationToken) => Files is TrustedFiles files ? files.ResealAsync(cancellationToken) : Task.FromResult(0);

    /// <inheritdoc/>
    public bool IsSealedFor(string executor) => controllers?.IsSealedFor(executor) != false;

    /// <inheritdoc/>
    public Task PingAsync(CancellationToken cancellationToken) => carrier.PingAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<AppendResult> AppendAsync(IReadOnlyList<Append> messages, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var envelopes = new Append[messages.Count];
        for (var i = 0; i < envelopes.Length; i++)
            envelopes[i] = messages[i] with
            {
                Payload = party.Seal(PlaceOf(messages[i].Stream), messages[i].Subject, messages[i].Payload),
                Known = process is null ? null : new OwnPayload(process, messages[i].Payload, messages[i].Known),
            };
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
    public async IAsyncEnumerable<Message> ReadToEndAsync(StreamName stream, string prefix, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var message in carrier.ReadToEndAsync(stream, prefix, after, cancellationToken))
            yield return Open(stream, message);
    }

    /// <inheritdoc/>
    public async Task<IAsyncEnumerable<Message>> ListenAsync(StreamName stream, string prefix, CancellationToken cancellationToken)
    {
        var copies = await carrier.ListenAsync(stream, prefix, cancellationToken);
        return copies.Select(message => Open(stream, message));
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
        StreamName.Runs => EnvelopePlace.Runs,
        StreamName.Audit => EnvelopePlace.Audit,
        _ => throw new ArgumentOutOfRangeException(nameof(stream), stream, "There is no such log."),
    };

    private Message Open(StreamName stream, Message message)
    {
        var own = message.Known as OwnPayload is { } known && process is not null && ReferenceEquals(known.Process, process) ? known : null;
        var opened = party.Open(PlaceOf(stream), message.Subject, message.Payload, message.Time, own?.Body);
        return message with { Payload = opened.Body, Signer = opened.Signer, Rejection = opened.Rejection, IsForOthers = opened.IsForOthers, Echo = opened.Echo, Known = opened.Rejection is null ? own?.Known : null };
    }
}
