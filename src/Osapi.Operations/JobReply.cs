using System.Diagnostics.CodeAnalysis;

namespace Osapi.Operations;

/// <summary>The answer to a call: one entry for each host that was expected to answer.</summary>
/// <typeparam name="T">The operation's result.</typeparam>
public sealed record JobReply<T>
    where T : notnull
{
    /// <summary>The job that the call became.</summary>
    public required string JobId { get; init; }

    /// <summary>One entry a host.</summary>
    public required IReadOnlyList<HostReply<T>> Hosts { get; init; }

    /// <summary>The answer as it came, byte for byte; null when it did not come over the wire.</summary>
    public string? RawJson { get; init; }

    /// <summary>The first entry, if there is one: what a call to a single host wants.</summary>
    public bool TryGetFirst([NotNullWhen(true)] out HostReply<T>? result) => (result = Hosts.Count > 0 ? Hosts[0] : null) is not null;
}
