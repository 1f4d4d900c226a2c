namespace Osapi.Agent.Hosts.Transactions;

/// <summary>
/// The point of a job from which its work is not stopped any more. A cancel before it stops the job; a cancel after it is
/// answered when the work has ended.
/// </summary>
internal sealed class CommitPoint
{
    private volatile string? work;

    /// <summary>The work that goes on, such as <c>apt-get install</c>; null before the point.</summary>
    public string? Work => work;

    /// <summary>Passes the point.</summary>
    /// <param name="name">The name of the work, for messages.</param>
    /// <param name="cancellationToken">A stop that came before.</param>
    /// <exception cref="OperationCanceledException">The job was stopped before.</exception>
    public void Pass(string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        work = name;
    }
}
