using Osapi.Transport.Trust;

namespace Osapi.Controller.Tests.Attacks;

/// <summary>Makes attacks: each kind of message, with each mutation, at places that a seed chooses.</summary>
internal sealed class AttackGenerator(IReadOnlyList<AttackKind> kinds, IReadOnlyList<RecordedMessage> genuine, EnvelopeForge forge, int seed)
{
    private readonly Random random = new(seed);

    /// <summary>Creates the attacks with forged, altered and misaddressed messages.</summary>
    public IEnumerable<Attack> All(int each)
    {
        foreach (var kind in kinds)
            foreach (var mutation in (string[])[.. Crafted, .. Altered, "of another subject", "of another place", "garbage"])
                for (var i = 0; i < each; i++)
                    if (Create(kind, mutation) is { } attack)
                        yield return attack;
    }

    /// <summary>Creates the attacks with messages that were genuine: once more, and earlier ones after later ones.</summary>
    public IEnumerable<Attack> Repeated(IReadOnlyCollection<string> names, int each)
    {
        foreach (var kind in kinds.Where(kind => names.Contains(kind.Name)))
        {
            var found = Of(kind);
            for (var i = 0; i < each && found.Count > 0; i++)
            {
                var repeated = found[random.Next(found.Count)];
                var isNewest = found.Last(message => message.Subject == repeated.Subject).Payload.AsSpan().SequenceEqual(repeated.Payload);
                yield return new(kind, isNewest ? "replayed" : "re-ordered", repeated.Subject, repeated.Payload);
            }
        }
    }

    private IEnumerable<string> Crafted => ["unsigned", .. forge.Ways];

    private static IEnumerable<string> Altered => ["altered", "truncated", "extended", "of another version", "spliced"];

    private Attack? Create(AttackKind kind, string mutation)
    {
        var target = kind.Root + kind.Targets(random);
        if (mutation == "garbage")
            return new(kind, mutation, target, Noise());
        if (Crafted.Contains(mutation))
        {
            var body = kind.Bodies(random, kind.Covered(target));
            return new(kind, mutation, target, mutation == "unsigned" ? body : forge.Seal(mutation, kind.Place, kind.Covered(target), body));
        }

        if (mutation == "of another place")
        {
            var others = genuine.Where(message => !message.Subject.StartsWith(kind.Root, StringComparison.Ordinal) && message.Payload is [0xA5, ..]).ToList();
            return new(kind, mutation, target, others[random.Next(others.Count)].Payload);
        }

        var own = Of(kind);
        if (own.Count == 0)
            return null;
        var message = own[random.Next(own.Count)];
        if (mutation == "of another subject")
            return target == message.Subject ? null : new(kind, mutation, target, message.Payload);
        var other = own[random.Next(own.Count)].Payload;
        return Alter(mutation, message.Payload, other) is { } payload && !payload.AsSpan().SequenceEqual(message.Payload) && !payload.AsSpan().SequenceEqual(other) ? new(kind, mutation, message.Subject, payload) : null;
    }

    private byte[]? Alter(string mutation, byte[] payload, byte[] other)
    {
        var copy = payload.ToArray();
        switch (mutation)
        {
            case "altered":
                copy[random.Next(Checked(payload))] ^= (byte)(1 << random.Next(8));
                return copy;
            case "truncated":
                return copy[..random.Next(1, copy.Length)];
            case "extended":
                return [.. copy, (byte)random.Next(256)];
            case "of another version":
                copy[1] = (byte)random.Next(2, 256);
                return copy;
            default:
                // The beginning of one and the end of another, both genuine.
                var at = random.Next(1, Math.Min(Checked(copy), Checked(other)));
                return [.. copy[..at], .. other[at..]];
        }
    }

    // What every reader checks: an envelope of controllers has a tag for each reader, and the others' tags do not matter to it.
    private static int Checked(byte[] payload) => EnvelopeReader.TryParse(payload, out var envelope, out _) ? envelope.Covered.Length : payload.Length;

    private byte[] Noise()
    {
        var noise = new byte[random.Next(1, 400)];
        random.NextBytes(noise);
        if (random.Next(2) == 0)
            noise[0] = 0xA5;
        return noise;
    }

    private List<RecordedMessage> Of(AttackKind kind) => [.. genuine.Where(message => message.Subject.StartsWith(kind.Root, StringComparison.Ordinal) && message.Payload.Length > 1)];
}
