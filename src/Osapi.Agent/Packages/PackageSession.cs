using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Files;
using Osapi.Agent.Hosts.Packages;
using Osapi.Agent.Hosts.Transactions;
using Osapi.Operations;

namespace Osapi.Agent.Packages;

/// <summary>The right to change the packages of a host: no other operation, transaction or program does at the same time.</summary>
internal sealed class PackageSession : IDisposable
{
    /// <summary>The family, which names the lock and the files of its transactions.</summary>
    public const string Family = "package";

    /// <summary>The default of the time to wait for another program, in seconds.</summary>
    public const int DefaultLockTimeout = 60;

    private readonly FamilyLock family;

    private PackageSession(FamilyLock family, TimeSpan waited) => (this.family, Waited) = (family, waited);

    /// <summary>The time spent waiting.</summary>
    public TimeSpan Waited { get; }

    /// <summary>The milliseconds spent waiting; null for none.</summary>
    public long? WaitedMs => Waited.TotalMilliseconds >= 1 ? (long)Waited.TotalMilliseconds : null;

    /// <summary>Waits until nothing else changes packages.</summary>
    /// <exception cref="OperationException">Another program has them locked for too long, or the agent is not root.</exception>
    /// <exception cref="FamilyLockCanceledException">It was stopped while it waited for another operation.</exception>
    public static async Task<PackageSession> BeginAsync(Host host, IReadOnlyList<string> locks, int? lockTimeout, CancellationToken cancellationToken)
    {
        if (Accounts.EffectiveUser != 0)
            throw new OperationException(ErrorType.Unavailable, "packages can only be changed by an agent that runs as root");
        var family = await host.Locks.AcquireAsync(Family, host, cancellationToken);
        try
        {
            return new(family, family.Waited + await WaitAsync(host, locks, lockTimeout, cancellationToken));
        }
        catch
        {
            family.Dispose();
            throw;
        }
    }

    /// <summary>Waits until no transaction runs, also one of an earlier run of the agent, and no other program has a lock.</summary>
    public static async Task<TimeSpan> WaitAsync(Host host, IReadOnlyList<string> locks, int? lockTimeout, CancellationToken cancellationToken) =>
        await new TransactionFiles(host, Family).WaitAsync(cancellationToken) + await DpkgLocks.WaitAsync(host, locks, lockTimeout ?? DefaultLockTimeout, cancellationToken);

    public void Dispose() => family.Dispose();
}
