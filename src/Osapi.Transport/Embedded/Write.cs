namespace Osapi.Transport.Embedded;

/// <summary>A work item that waits for the writer.</summary>
internal abstract class PendingWrite
{
    /// <summary>True when the caller has cancelled it.</summary>
    public abstract bool IsAbandoned { get; }

    public abstract void Apply(SqliteSession session);

    /// <summary>Completes the caller's task; the write is durable.</summary>
    public abstract void Complete();

    public abstract void Fail(Exception failure);
}

/// <inheritdoc/>
internal sealed class Write<T>(Func<SqliteSession, T> work, Action<T>? committed, CancellationToken cancellationToken) : PendingWrite
{
    private readonly TaskCompletionSource<T> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? result;

    public Task<T> Outcome => outcome.Task;

    public override bool IsAbandoned => cancellationToken.IsCancellationRequested && outcome.TrySetCanceled(cancellationToken);

    public override void Apply(SqliteSession session) => result = work(session);

    public override void Complete()
    {
        committed?.Invoke(result!);
        outcome.TrySetResult(result!);
    }

    public override void Fail(Exception failure) => outcome.TrySetException(failure);
}
