using Osapi.Controller.Jobs.Active;
using Osapi.Transport;

namespace Osapi.Controller.Jobs.ReadModel;

/// <summary>The sequence up to which the read model has the log.</summary>
internal sealed class IndexProgress(JobIndexHealth health)
{
    /// <summary>The reason why a wait ends when the log was recreated.</summary>
    public const string RecreatedReason = "the log of jobs was recreated";

    private readonly AsyncSignal advanced = new();
    private readonly AsyncSignal hurried = new();
    private long position;
    private volatile bool isAwaited;

    public long Position => Volatile.Read(ref position);

    /// <summary>The task that completes when the read model has more. While it is awaited, the read model is written without delay.</summary>
    public Task Advance
    {
        get
        {
            var next = advanced.WaitAsync;
            Hurry();
            return next;
        }
    }

    /// <summary>Has the next commit made without delay.</summary>
    public void Hurry()
    {
        if (isAwaited)
            return;
        isAwaited = true;
        hurried.Set();
    }

    /// <summary>Waits for more to commit, at most for a time, while nobody waits for the next commit.</summary>
    public async Task WaitForMoreAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        var hurry = hurried.WaitAsync;
        if (!isAwaited)
            // Real time, also where a test controls the clock: no result depends on it.
            await hurry.WaitAsync(atMost, TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        isAwaited = false;
    }

    public void Set(long reached) => Volatile.Write(ref position, reached);

    /// <summary>Wakes those who wait for more.</summary>
    public void Wake() => advanced.Set();

    /// <summary>Waits until the read model has the message at a sequence.</summary>
    /// <exception cref="TransportException">The read model cannot follow the log.</exception>
    public async Task ReachAsync(long sequence, CancellationToken cancellationToken)
    {
        long before = 0;
        for (var advance = Advance; Position < sequence; advance = Advance)
        {
            before = Position < before ? throw new TransportException(RecreatedReason) : Position;
            var problem = health.ProblemDetected;
            if (await WaitBudget.WaitAsync(Task.WhenAny(advance, problem), "this controller is behind the log of jobs: ask again", cancellationToken) == problem)
                throw new TransportException(await problem);
        }
    }
}
