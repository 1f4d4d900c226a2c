using Osapi.Controller.Jobs.Active;
using Osapi.Operations.Runs;
using Osapi.Transport;

namespace Osapi.Controller.Runs.Runners;

/// <summary>The runners that are heard: by their streams at this controller, by the signals of the others, and for a while after they began.</summary>
/// <remarks>Times are this process's own. A runner is known to be silent when its stream was closed, or when this controller has heard nothing for the whole time.</remarks>
internal sealed class RunnerPresence(ITransport transport, ControllerOptions options, TimeProvider time)
{
    /// <summary>The time after which a runner that was not heard is silent.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    // The closing of the stream of a process that was killed is known here by then, also from another controller.
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    // Only controllers send the signals.
    private const int MaxRemembered = 100_000;

    // The store's clock is another one.
    private static readonly TimeSpan MinWait = TimeSpan.FromMilliseconds(50);

    private readonly Lock gate = new();
    private readonly Dictionary<RunId, int> streams = [];
    private readonly Dictionary<RunId, long> signals = [];
    private readonly Dictionary<RunId, long> silent = [];
    private readonly AsyncSignal changed = new();
    private readonly long began = time.GetTimestamp();

    // Runners that began before are gone; null when they may live on.
    private readonly DateTimeOffset? firstOwn = options.HasOwnRunnersOnly ? transport.ServerNow : null;

    /// <summary>The runners whose streams are open here.</summary>
    public IReadOnlyList<RunId> Own
    {
        get
        {
            lock (gate)
                return [.. streams.Keys];
        }
    }

    /// <summary>Records that a runner's stream was opened here.</summary>
    public void Open(RunId runner)
    {
        lock (gate)
        {
            streams[runner] = streams.GetValueOrDefault(runner) + 1;
            silent.Remove(runner);
        }

        changed.Set();
    }

    /// <summary>Records that a runner's stream was closed here.</summary>
    /// <param name="runner">The runner.</param>
    /// <param name="isSilent">False when this controller closed it: the runner goes to another one.</param>
    /// <returns>True when the runner is silent now.</returns>
    public bool Close(RunId runner, bool isSilent)
    {
        lock (gate)
        {
            if (--streams[runner] > 0)
                return false;
            streams.Remove(runner);
            if (isSilent)
                SetSilent(runner);
            else
                signals[runner] = time.GetTimestamp();
        }

        changed.Set();
        return isSilent;
    }

    /// <summary>Applies a signal of another controller.</summary>
    /// <returns>True when it says that a runner is silent that is heard here.</returns>
    public bool Apply(HeardRunners signal)
    {
        var isWrong = false;
        lock (gate)
        {
            foreach (var runner in signal.Heard)
            {
                Trim(signals);
                signals[runner] = time.GetTimestamp();
                silent.Remove(runner);
            }

            foreach (var runner in signal.Silent)
                if (streams.ContainsKey(runner))
                    isWrong = true;
                else
                    SetSilent(runner);
        }

        changed.Set();
        return isWrong;
    }

    /// <summary>Checks that the runner of a run is heard, as far as this controller can know yet.</summary>
    public bool IsHeard(JournalState run)
    {
        lock (gate)
            return Answer(run) != false;
    }

    /// <summary>Finds out whether the runner of a run is heard; a controller that has just started waits until it can know.</summary>
    /// <param name="run">The run.</param>
    /// <param name="isPatient">True to wait also while the runner may have been killed although it is heard, for at most <see cref="Timeout"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<bool> FindOutAsync(JournalState run, bool isPatient, CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        while (true)
        {
            var next = changed.WaitAsync;
            bool? answer;
            TimeSpan left;
            lock (gate)
                (answer, left) = Answer(run) is true && isPatient ? AnswerSince(run, asked) : (Answer(run), Timeout - time.GetElapsedTime(began));
            if (answer is { } known)
                return known;
            if (left > TimeSpan.Zero)
                await next.WaitAsync(left, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    // Null when this controller cannot know yet.
    private bool? Answer(JournalState run)
    {
        var runner = run.Head.Runner;
        if (run.Head.Detached is { Waiting: true })
            return false;
        if (streams.ContainsKey(runner) || (signals.TryGetValue(runner, out var heard) && time.GetElapsedTime(heard) < Timeout))
            return true;
        if (silent.ContainsKey(runner) || run.RunnerSince < firstOwn)
            return false;
        // It opens its stream after it began.
        if (transport.ServerNow - run.RunnerSince < Timeout)
            return true;
        return time.GetElapsedTime(began) >= Timeout ? false : null;
    }

    // Of a runner that is heard: null while it may have been killed before the caller asked, with the time after which to look again.
    private (bool? Answer, TimeSpan Left) AnswerSince(JournalState run, long asked)
    {
        var waited = time.GetElapsedTime(asked);
        if (waited < CloseTimeout)
            return (null, CloseTimeout - waited);
        var heard = signals.TryGetValue(run.Head.Runner, out var last);
        if (streams.ContainsKey(run.Head.Runner) || waited >= Timeout || (heard && time.GetElapsedTime(asked, last) >= CloseTimeout))
            return (true, TimeSpan.Zero);
        // Both pass without a change that would be told.
        var (signal, start) = (heard ? Timeout - time.GetElapsedTime(last) : TimeSpan.Zero, Timeout - (transport.ServerNow - run.RunnerSince));
        var longer = signal > start ? signal : start;
        return (null, longer > MinWait ? longer < Timeout - waited ? longer : Timeout - waited : MinWait);
    }

    private void SetSilent(RunId runner)
    {
        signals.Remove(runner);
        Trim(silent);
        silent[runner] = time.GetTimestamp();
    }

    private void Trim(Dictionary<RunId, long> remembered)
    {
        if (remembered.Count < MaxRemembered)
            return;
        foreach (var (runner, at) in remembered)
            if (time.GetElapsedTime(at) >= Timeout)
                remembered.Remove(runner);
    }
}
