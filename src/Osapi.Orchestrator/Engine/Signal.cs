using Osapi.Operations;

namespace Osapi.Orchestrator.Engine;

/// <summary>A signal to the loop.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Call">The call that it is about.</param>
/// <param name="Reply">The reply of a host that has ended.</param>
internal readonly record struct Signal(SignalKind Kind, CellCall? Call = null, HostReply? Reply = null);

internal enum SignalKind
{
    /// <summary>A call has ended.</summary>
    Ended,

    /// <summary>One host of a call has ended.</summary>
    HostEnded,

    /// <summary>The delay before a call is over.</summary>
    RetryDue,

    /// <summary>The time limit of a call's cells has passed.</summary>
    TimeUp,

    /// <summary>It is time to ask for the unreachable hosts.</summary>
    UnreachableDue,

    /// <summary>The query for the unreachable hosts has ended.</summary>
    UnreachableAnswered,

    /// <summary>The run is cancelled, by its caller or its deadline, or the time for the tasks that always run is over.</summary>
    Aborted,
}
