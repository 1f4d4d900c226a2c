using System.Diagnostics.CodeAnalysis;

namespace Osapi.Operations;

/// <summary>The reply to a call: one result for each expected host.</summary>
/// <typeparam name="T">The type of the operation's result.</typeparam>
public sealed record JobReply<T>
    where T : notnull
{
    /// <summary>The id of the call's job.</summary>
    public required string JobId { get; init; }

    /// <summary>The results, one for each host.</summary>
    public required IReadOnlyList<HostReply<T>> Hosts { get; init; }

    /// <summary>The response body, byte for byte; null when the reply did not come over the network.</summary>
    public string? RawJson { get; init; }

    /// <summary>Gets the first result, if there is one; useful for calls to a single host.</summary>
    public bool TryGetFirst([NotNullWhen(true)] out HostReply<T>? result) => (result = Hosts.Count > 0 ? Hosts[0] : null) is not null;
}
