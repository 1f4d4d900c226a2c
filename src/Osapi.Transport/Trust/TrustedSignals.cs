using System.Runtime.CompilerServices;
using Osapi.Transport.Jobs;

namespace Osapi.Transport.Trust;

/// <summary>Signals that are authenticated. One that is not valid is passed over.</summary>
internal sealed class TrustedSignals(ISignals carrier, TrustParty party, SkippedMessages skipped) : ISignals
{
    public Task SendAsync(string subject, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) =>
        carrier.SendAsync(subject, party.Seal(EnvelopePlace.Signals, subject, payload), cancellationToken);

    public async IAsyncEnumerable<Signal> ListenAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var signal in carrier.ListenAsync(prefix, cancellationToken))
        {
            var opened = party.Open(EnvelopePlace.Signals, signal.Subject, signal.Payload, time: null);
            if (opened.Rejection is { } reason)
                skipped.Add("signals", "signals", signal.Subject, sequence: 0, reason);
            else
                yield return signal with { Payload = opened.Body };
        }
    }
}
