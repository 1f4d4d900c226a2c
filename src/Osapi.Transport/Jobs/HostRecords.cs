namespace Osapi.Transport.Jobs;

/// <summary>
/// Reads and changes agent records, one key per host. Every change is a compare-and-set on the value that was read, so
/// that a concurrent change is never overwritten.
/// </summary>
public static class HostRecords
{
    /// <summary>Finds the record of a host; null when there is none, or when it is invalid.</summary>
    public static async Task<AgentInfo?> FindAsync(ITransport transport, string hostKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transport);
        return TryRead(await transport.Hosts.GetAsync(hostKey, cancellationToken));
    }

    /// <summary>Changes the record of a host.</summary>
    /// <param name="transport">The transport.</param>
    /// <param name="hostKey">The host.</param>
    /// <param name="change">
    /// Computes the new value from the current one; null to leave it unchanged. It is called again after a lost race.
    /// </param>
    /// <param name="cancellationToken">Abandons the call; the change may still be made.</param>
    /// <returns>The stored value; null when nothing was to be changed.</returns>
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

    /// <summary>Parses a value of the bucket; null for a removed or invalid one.</summary>
    public static AgentInfo? TryRead(KeyValue? entry) =>
        entry is { Value.IsEmpty: false } && AgentInfo.TryParse(entry.Key, entry.Value, out var agent, out _) ? agent : null;
}
