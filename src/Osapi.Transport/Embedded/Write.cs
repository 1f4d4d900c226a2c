namespace Osapi.Transport.Embedded;

/// <summary>Something that waits for the writer.</summary>
internal abstract class Write
{
    /// <summary>True when its caller no longer wants it.</summary>
    public abstract bool IsGivenUp { get; }

    public abstract void Apply(Session session);

    /// <summary>It is durable.</summary>
    public abstract void Complete();

    public abstract void Fail(Exception failure);
}

/// <inheritdoc/>
internal sealed class Write<T>(Func<Session, T> work, Action<T>? committed, CancellationToken cancellationToken) : Write
{
    private readonly TaskCompletionSource<T> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? result;

    public Task<T> Outcome => outcome.Task;

    public override bool IsGivenUp => cancellationToken.IsCancellationRequested && outcome.TrySetCanceled(cancellationToken);

    public override void Apply(Session session) => result = work(session);

    public override void Complete()
    {
        committed?.Invoke(result!);
        outcome.TrySetResult(result!);
    }

    public override void Fail(Exception failure) => outcome.TrySetException(failure);
}
