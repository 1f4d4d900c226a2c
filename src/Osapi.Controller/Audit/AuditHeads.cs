using Osapi.Operations.Audit;
using Osapi.Transport;

namespace Osapi.Controller.Audit;

/// <summary>The heads of chains in the log: the last line of a message is a line of the chain that its subject names.</summary>
internal static class AuditHeads
{
    /// <summary>The prefix of the subjects.</summary>
    public const string Prefix = "chain.";

    /// <summary>Gets the subject of a chain.</summary>
    public static string SubjectOf(string chain) => Prefix + chain;

    /// <summary>Gets the chain of a message; null when nothing may believe it.</summary>
    public static string? ChainOf(Message message) =>
        message.Rejection is null && message.Subject.StartsWith(Prefix, StringComparison.Ordinal) && message.Subject[Prefix.Length..] is var chain && AuditFiles.IsChain(chain) ? chain : null;

    /// <summary>Reads the lines of a message, as long as they are authentic.</summary>
    public static IEnumerable<(AuditLine Line, ReadOnlyMemory<byte> Bytes)> LinesOf(Message message, string chain, AuditKeys keys)
    {
        var rest = message.Payload;
        while (rest.Span.IndexOf((byte)'\n') is var end and >= 0)
        {
            var line = rest[..end];
            if (!AuditLine.TryRead(line, out var read) || keys.Find(read.KeyId) is not { } key || !AuditLine.IsAuthentic(chain, key, line.Span))
                yield break;
            yield return (read, rest[..(end + 1)]);
            rest = rest[(end + 1)..];
        }
    }

    /// <summary>Finds the head of a chain in the log; null when there is none.</summary>
    public static async Task<AuditHead?> FindAsync(ITransport transport, string chain, AuditKeys keys, CancellationToken cancellationToken) =>
        await transport.LastAsync(StreamName.Audit, SubjectOf(chain), cancellationToken) is { } message ? HeadOf(message, keys) : null;

    /// <summary>Gets the head that a message has; null when nothing may believe it.</summary>
    public static AuditHead? HeadOf(Message message, AuditKeys keys) =>
        ChainOf(message) is { } chain && LinesOf(message, chain, keys).LastOrDefault() is { Bytes.IsEmpty: false } last
            ? new(chain, last.Line.Number, AuditLine.HashOf(last.Bytes.Span[..^1]))
            : null;
}
