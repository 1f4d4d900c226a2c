namespace Osapi.Transport.Embedded;

/// <summary>A work item that waits for the writer.</summary>
internal abstract class PendingWrite
{
    /// <summary>True when the caller has cancelled it, and does not wait for it any more.</summary>
    public abstract bool IsAbandoned { get; }

    /// <summary>True when others than the caller are told of it, or when the caller continues on the thread that completes it.</summary>
    public abstract bool IsPublished { get; }

    public abstract void Apply(SqliteSession session);

    /// <summary>Records that it was not written.</summary>
    public abstract void Fail(Exception reason);

    /// <summary>Publishes the result, if it is durable.</summary>
    public abstract void Publish();

    /// <summary>Completes the caller's task.</summary>
    public abstract void Complete();
}

/// <inheritdoc/>
/// <param name="work">Reads and changes rows.</param>
/// <param name="committed">Publishes the result.</param>
/// <param name="continuesHere">True when the caller continues on the thread that completes its task, and gives it back soon.</param>
/// <param name="cancellationToken">Abandons the call.</param>
internal sealed class Write<T>(Func<SqliteSession, T> work, Action<T>? committed, bool continuesHere, CancellationToken cancellationToken) : PendingWrite
{
    private readonly TaskCompletionSource<T> outcome = new(continuesHere ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);
    private T? result;
    private Exception? failure;

    public Task<T> Outcome => outcome.Task;

    public override bool IsAbandoned => cancellationToken.IsCancellationRequested;

    public override bool IsPublished => committed is not null || continuesHere;

    public override void Apply(SqliteSession session) => result = work(session);

    public override void Fail(Exception reason) => failure = reason;

    public override void Publish()
    {
        if (failure is null)
            committed?.Invoke(result!);
    }

    public override void Complete()
    {
        if (failure is null)
            outcome.TrySetResult(result!);
        else
            outcome.TrySetException(failure);
    }
}
