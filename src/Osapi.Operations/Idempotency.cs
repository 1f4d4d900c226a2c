namespace Osapi.Operations;

/// <summary>What running an operation again does. It decides what may be retried and what a check can predict.</summary>
public enum Idempotency
{
    /// <summary>Looks and changes nothing: never reports a change, may be run again at any time.</summary>
    ReadOnly,

    /// <summary>Brings a host to a stated condition: running it again reports no change.</summary>
    Idempotent,

    /// <summary>Acts each time it runs: always reports a change, and is never run a second time by the system itself.</summary>
    NonIdempotent,
}
