using System.Diagnostics.CodeAnalysis;

namespace Osapi.Operations;

/// <summary>The answer to a call on hosts: a reply of each host that was expected to answer.</summary>
/// <typeparam name="T">The operation's result.</typeparam>
public sealed record JobReply<T>
    where T : notnull
{
    /// <summary>The id of the call's job.</summary>
    public required JobId JobId { get; init; }

    /// <summary>The replies of the hosts.</summary>
    public required IReadOnlyList<HostReply<T>> Hosts { get; init; }

    /// <summary>The response body, byte for byte; null when the reply did not come over the network.</summary>
    public string? RawJson { get; init; }

    /// <summary>True when every host succeeded or skipped the operation.</summary>
    public bool AllSucceeded => Hosts.All(host => host.Succeeded);

    /// <summary>Gets the reply of the first host, the only one of a call to a single host; false when no host was expected to answer.</summary>
    public bool TryGetFirst([NotNullWhen(true)] out HostReply<T>? reply) => (reply = Hosts.Count > 0 ? Hosts[0] : null) is not null;

    /// <summary>Returns this reply when every host succeeded.</summary>
    /// <exception cref="HostsFailedException">A host failed, was cancelled, did not start in time, or its outcome is unknown.</exception>
    public JobReply<T> EnsureSuccess() => AllSucceeded
        ? this
        : throw new HostsFailedException(JobId, Hosts.Count, [.. Hosts.Where(host => !host.Succeeded).Select(host => (host.Hostname, host.Outcome, host.Error))]);
}
