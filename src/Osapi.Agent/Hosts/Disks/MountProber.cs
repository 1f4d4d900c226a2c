using System.Collections.Concurrent;
using Osapi.Operations.Node;

namespace Osapi.Agent.Hosts.Disks;

/// <summary>
/// Asks file systems for their space, each with a time limit: one whose device or server hangs never answers (statfs(2) cannot
/// be interrupted), and must cost neither the others nor a thread for each time that it is asked.
/// </summary>
internal sealed class MountProber
{
    /// <summary>How long a file system may take.</summary>
    internal static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    // So many may hang before no more are asked.
    private const int MaxHanging = 16;
    private const int Workers = 4;
    private const int StackSize = 256 * 1024;

    private readonly ConcurrentDictionary<string, Probe> asked = new();

    /// <summary>Asks all of them at the same time.</summary>
    /// <param name="questions">Each with the name by which it is known when it is asked again; null is the answer of one that has nothing to tell.</param>
    /// <param name="time">The time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>An answer or an error for each, in order.</returns>
    public async Task<IReadOnlyList<(Disk? Disk, string? Error)>> ProbeAsync(
        IReadOnlyList<(string Mount, Func<Disk?> Ask)> questions, TimeProvider time, CancellationToken cancellationToken)
    {
        var all = questions.Select(question => asked.GetOrAdd(question.Mount, _ => new(question.Mount, question.Ask, time))).ToList();
        ConcurrentQueue<Probe> waiting = new(all.Where(question => question.TryClaim()));
        for (var worker = Math.Min(Workers, waiting.Count); worker > 0 && asked.Values.Count(question => question.IsHanging) < MaxHanging; worker--)
            new Thread(() => Work(waiting), StackSize) { IsBackground = true, Name = "mounts" }.Start();

        // What others asked for a while ago is not waited for again.
        var open = all.Where(question => !question.IsHanging).Select(question => question.Answered);
        await Task.WhenAll(open).WaitAsync(Timeout, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var question in Drained(waiting))
            Forget(question);
        return [.. all.Select(question => question.Result)];
    }

    private void Work(ConcurrentQueue<Probe> waiting)
    {
        while (waiting.TryDequeue(out var question))
        {
            question.Run();
            Forget(question);
        }
    }

    private void Forget(Probe question) => asked.TryRemove(new(question.Mount, question));

    private static IEnumerable<Probe> Drained(ConcurrentQueue<Probe> waiting)
    {
        while (waiting.TryDequeue(out var question))
            yield return question;
    }

    private sealed class Probe(string mount, Func<Disk?> ask, TimeProvider time)
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
            : Volatile.Read(ref began) == 0 ? (null, "not asked, because others do not answer")
            : (null, $"it does not answer within {Timeout.TotalSeconds:0} s");

        public bool TryClaim() => Interlocked.Exchange(ref taken, 1) == 0;

        public void Run()
        {
            Volatile.Write(ref began, time.GetTimestamp() is not 0 and var now ? now : 1);
            try
            {
                answer = (ask(), null);
            }
            catch (Exception exception)
            {
                answer = (null, exception.Message.ReplaceLineEndings(" "));
            }

            answered.SetResult();
        }
    }
}
