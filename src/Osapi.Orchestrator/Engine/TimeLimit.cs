namespace Osapi.Orchestrator.Engine;

/// <summary>The time limit of the cells of a task that started together, including all their attempts.</summary>
internal sealed class TimeLimit : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private ITimer? timer;
    private CancellationTokenRegistration registration;

    /// <summary>True when the time has passed; set by the loop.</summary>
    public bool IsOver { get; set; }

    public CancellationToken Token => source.Token;

    /// <summary>Starts the time. When it has passed, the loop is signalled and the token cancelled.</summary>
    public void Start(CellCall call, PlanRun run)
    {
        registration = call.Token.UnsafeRegister(static limit => Cancellation.Request(((TimeLimit)limit!).source), this);
        // Posted before the token is cancelled, so that the loop knows the reason when the body ends because of it.
        timer = run.Clock.CreateTimer(
            _ =>
            {
                run.Post(new(SignalKind.TimeUp, call));
                Cancellation.Request(source);
            },
            null,
            call.Task.TimeLimit!.Value,
            Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        timer?.Dispose();
        registration.Unregister();
    }
}
