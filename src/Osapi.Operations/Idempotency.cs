namespace Osapi.Operations;

/// <summary>The effect of running an operation again. It determines which operations may be retried and what a check can predict.</summary>
public enum Idempotency
{
    /// <summary>Read-only: never reports a change; may be run again at any time.</summary>
    ReadOnly,

    /// <summary>Idempotent: brings the host to a stated condition; running it again reports no change.</summary>
    Idempotent,

    /// <summary>Not idempotent: acts each time it runs and always reports a change; the system never runs it a second time.</summary>
    NonIdempotent,
}
