namespace Osapi.Transport.Jobs;

/// <summary>
/// The bucket of hosts as the protocol uses it: one key a host, and every change is made to the value that was read, on
/// the condition that it is still that value. What somebody else wrote in between is never overwritten.
/// </summary>
public static class HostRecords
{
    /// <summary>What is known of a host; null when there is nothing, or nothing that can be read.</summary>
    public static async Task<AgentInfo?> FindAsync(ITransport transport, string hostKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transport);
        return TryRead(await transport.Hosts.GetAsync(hostKey, cancellationToken));
    }

    /// <summary>Changes what is known of a host.</summary>
    /// <param name="transport">Where it is.</param>
    /// <param name="hostKey">The host.</param>
    /// <param name="change">Makes the new value of the present one; null to leave it as it is. Called again when somebody else was faster.</param>
    /// <param name="cancellationToken">Gives up; the change may be made all the same.</param>
    /// <returns>What was stored; null when nothing was to be changed.</returns>
    public static async Task<KeyValue?> ChangeAsync(ITransport transport, string hostKey, Func<AgentInfo?, AgentInfo?> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(change);
        while (true)
        {
            var read = await transport.Hosts.GetAsync(hostKey, cancellationToken);
            if (change(TryRead(read)) is not { } next)
                return null;
            var value = JobJson.Bytes(next);
            if (await transport.Hosts.PutAsync(hostKey, value, read?.Revision ?? 0, cancellationToken) is { } revision)
                return new(hostKey, value, revision);
        }
    }

    /// <summary>Reads a value of the bucket; null for one that was removed, and for one that nobody understands.</summary>
    public static AgentInfo? TryRead(KeyValue? entry) =>
        entry is { Value.IsEmpty: false } && AgentInfo.TryParse(entry.Key, entry.Value, out var agent, out _) ? agent : null;
}
