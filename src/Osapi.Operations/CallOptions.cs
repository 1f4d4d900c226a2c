namespace Osapi.Operations;

/// <summary>How one call is made, beyond what it asks.</summary>
public sealed record CallOptions
{
    /// <summary>The job's id, chosen by the caller: the same id with the same request is the same job. A new one when not given.</summary>
    public JobId? JobId { get; init; }

    /// <summary>How long a host may take to start, 1 second to 1 hour; 10 seconds when not given. One that does not start in time never does.</summary>
    public TimeSpan? StartWithin { get; init; }

    /// <summary>True to have the job cancelled when the connection drops before its answer, as when this process is killed. A cancelled call cancels its job in any case.</summary>
    public bool CancelOnDisconnect { get; init; }

    /// <summary>True to be told what the call would change, without changing it; see <see cref="CheckResult"/>. What the controller only looks up is looked up as ever.</summary>
    public bool Check { get; init; }
}
