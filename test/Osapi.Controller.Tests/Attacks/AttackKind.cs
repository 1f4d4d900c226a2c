using Osapi.Transport.Trust;

namespace Osapi.Controller.Tests.Attacks;

/// <summary>A kind of message on the broker: where it lies, who reads it, and what an attacker would like to write there.</summary>
/// <param name="Name">The name.</param>
/// <param name="Root">The beginning of its subjects.</param>
/// <param name="Cut">The part of the root that is not part of what an envelope covers.</param>
/// <param name="Place">The place that an envelope names.</param>
/// <param name="Readers">The readers that count what they skip.</param>
/// <param name="Targets">The rest of the subjects to which something is written that is not there yet.</param>
/// <param name="Bodies">The contents that would have an effect, if they were believed, at such a subject.</param>
internal sealed record AttackKind(
    string Name, string Root, string Cut, EnvelopePlace Place, IReadOnlyList<string> Readers, Func<Random, string> Targets, Func<Random, string, byte[]> Bodies)
{
    /// <summary>True when nobody may be listening: it is read only while somebody waits for it.</summary>
    public bool IsHeardBySome { get; init; }

    /// <summary>Gets what an envelope on a subject covers.</summary>
    public string Covered(string subject) => subject[Cut.Length..];
}
