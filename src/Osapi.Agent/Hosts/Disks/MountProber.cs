using System.Collections.Concurrent;
using Osapi.Operations.Node;

namespace Osapi.Agent.Hosts.Disks;

/// <summary>Queries the space of file systems, each with a timeout.</summary>
/// <remarks>
/// A file system whose device or server hangs never answers (statfs(2) cannot be interrupted). It must not delay the
/// others, nor use up a thread for each query.
/// </remarks>
internal sealed class MountProber
{
    /// <summary>The timeout of one query.</summary>
    internal static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    // The maximum number of hanging queries; beyond it no new ones are started.
    private const int MaxHanging = 16;
    private const int Workers = 4;
    private const int StackSize = 256 * 1024;

    private readonly ConcurrentDictionary<string, Probe> probes = new();

    /// <summary>Queries all file systems at the same time.</summary>
    /// <param name="queries">
    /// The queries, each with a name under which a hanging one is recognized later; a query returns null for a mount to
    /// be skipped.
    /// </param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>A result or an error for each, in order.</returns>
    public async Task<IReadOnlyList<(Disk? Disk, string? Error)>> ProbeAsync(
        IReadOnlyList<(string Mount, Func<Disk?> Ask)> queries, TimeProvider time, CancellationToken cancellationToken)
    {
        var all = queries.Select(probe => probes.GetOrAdd(probe.Mount, _ => new(probe.Mount, probe.Ask, time))).ToList();
        ConcurrentQueue<Probe> waiting = new(all.Where(probe => probe.TryClaim()));
        for (var worker = Math.Min(Workers, waiting.Count); worker > 0 && probes.Values.Count(probe => probe.IsHanging) < MaxHanging; worker--)
            new Thread(() => Work(waiting), StackSize) { IsBackground = true, Name = "mounts" }.Start();

        // Queries that other callers started a while ago are not awaited again.
        var open = all.Where(probe => !probe.IsHanging).Select(probe => probe.Answered);
        await Task.WhenAll(open).WaitAsync(Timeout, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var probe in Drained(waiting))
            Forget(probe);
        return [.. all.Select(probe => probe.Result)];
    }

    private void Work(ConcurrentQueue<Probe> waiting)
    {
        while (waiting.TryDequeue(out var probe))
        {
            probe.Run();
            Forget(probe);
        }
    }

    private void Forget(Probe probe) => probes.TryRemove(new(probe.Mount, probe));

    private static IEnumerable<Probe> Drained(ConcurrentQueue<Probe> waiting)
    {
        while (waiting.TryDequeue(out var probe))
            yield return probe;
    }

    private sealed class Probe(string mount, Func<Disk?> read, TimeProvider time)
    {
        private readonly TaskCompletionSource answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private (Disk? Disk, string? Error) answer;
        private int taken;
        private long began;

        public string Mount => mount;

        public Task Answered => answered.Task;

        public bool IsHanging => !answered.Task.IsCompleted && Volatile.Read(ref began) is not 0 and var since && time.GetElapsedTime(since) >= Timeout;

        public (Disk? Disk, string? Error) Result =>
            answered.Task.IsCompleted ? answer
            : Volatile.Read(ref began) == 0 ? (null, "not queried, because other file systems hang")
            : (null, $"it does not answer within {Timeout.TotalSeconds:0} s");

        public bool TryClaim() => Interlocked.Exchange(ref taken, 1) == 0;

        public void Run()
        {
            Volatile.Write(ref began, time.GetTimestamp() is not 0 and var now ? now : 1);
            try
            {
                answer = (read(), null);
            }
            catch (Exception exception)
            {
                answer = (null, exception.Message.ReplaceLineEndings(" "));
            }

            answered.SetResult();
        }
    }
}
