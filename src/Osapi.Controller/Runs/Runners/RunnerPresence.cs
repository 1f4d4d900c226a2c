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

    // Only controllers send the signals.
    private const int MaxRemembered = 100_000;

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
    public async Task<bool> FindOutAsync(JournalState run, CancellationToken cancellationToken)
    {
        while (true)
        {
            var next = changed.WaitAsync;
            bool? answer;
            lock (gate)
                answer = Answer(run);
            if (answer is { } known)
                return known;
            var left = Timeout - time.GetElapsedTime(began);
            if (left > TimeSpan.Zero)
                await next.WaitAsync(left, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    // Null when this controller cannot know yet.
    private bool? Answer(JournalState run)
    {
        var runner = run.Head.Runner;
        if (streams.ContainsKey(runner) || (signals.TryGetValue(runner, out var heard) && time.GetElapsedTime(heard) < Timeout))
            return true;
        if (silent.ContainsKey(runner) || run.RunnerSince < firstOwn)
            return false;
        // It opens its stream after it began.
        if (transport.ServerNow - run.RunnerSince < Timeout)
            return true;
        return time.GetElapsedTime(began) >= Timeout ? false : null;
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
