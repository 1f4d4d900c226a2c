namespace Osapi.Agent.Hosts;

/// <summary>The right to be the only operation of its family that changes the host, until it is disposed.</summary>
/// <param name="release">Gives the lock to the next operation.</param>
/// <param name="waited">The time that passed until the lock was free.</param>
internal sealed class FamilyLock(Action release, TimeSpan waited) : IDisposable
{
    private Action? release = release;

    /// <summary>The time that the operation waited for others; zero when it got the lock at once.</summary>
    public TimeSpan Waited => waited;

    /// <summary>Gives the lock to the next operation. Further calls do nothing.</summary>
    public void Dispose() => Interlocked.Exchange(ref release, null)?.Invoke();
}
