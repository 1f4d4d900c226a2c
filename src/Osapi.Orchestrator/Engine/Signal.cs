using Osapi.Operations;

namespace Osapi.Orchestrator.Engine;

/// <summary>A signal to the loop. A call signals its own end, so that the common case needs no object.</summary>
internal abstract class Signal
{
    /// <summary>The signal that was posted before or, once taken, the one that was posted after it. Belongs to the queue.</summary>
    public Signal? Link { get; set; }
}

/// <summary>One host of a call has ended.</summary>
internal sealed class HostEndedSignal(HostsCall call, HostReply reply) : Signal
{
    public HostsCall Call => call;

    public HostReply Reply => reply;
}

/// <summary>The delay before a call is over.</summary>
internal sealed class RetryDueSignal(CellCall call) : Signal
{
    public CellCall Call => call;
}

/// <summary>The time limit of a call's cells has passed.</summary>
internal sealed class TimeUpSignal(CellCall call) : Signal
{
    public CellCall Call => call;
}

/// <summary>It is time to ask for the unreachable hosts.</summary>
internal sealed class UnreachableDueSignal : Signal;

/// <summary>The query for the unreachable hosts has ended.</summary>
internal sealed class UnreachableAnsweredSignal : Signal;

/// <summary>The run is cancelled, by its caller or its deadline, or the time for the tasks that always run is over.</summary>
internal sealed class AbortedSignal : Signal;

/// <summary>The journal of the run can no longer be written.</summary>
internal sealed class JournalLostSignal(RunInterruptedException exception) : Signal
{
    public RunInterruptedException Exception => exception;
}
