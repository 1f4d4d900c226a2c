namespace Osapi.Cli.Rendering.Progress;

/// <summary>The state of a run in progress, and its text: <c>12 of 20 tasks, running migrate (3 hosts done), 1 min 20 s, fetch again in 8 s</c>.</summary>
/// <param name="time">The time.</param>
internal sealed class RunState(TimeProvider time)
{
    // Of more tasks that run at the same time the longest running ones are named.
    private const int MaxNamed = 2;

    private readonly long startedAt = time.GetTimestamp();
    private readonly Dictionary<string, RunningTask> running = [];
    private int total;
    private int ended;

    public void Begin(int tasks) => total = tasks;

    public void TaskStarted(string task) => running.TryAdd(task, new());

    public void HostEnded(string task)
    {
        if (running.TryGetValue(task, out var state))
            state.Hosts++;
    }

    public void Retrying(string task, TimeSpan delay)
    {
        if (running.TryGetValue(task, out var state))
            state.RetryAt = time.GetUtcNow() + delay;
    }

    public void TaskEnded(string task)
    {
        ended++;
        running.Remove(task);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        // A plan may get tasks while it runs.
        List<string> parts = [$"{ended} of {Math.Max(total, ended + running.Count)} tasks"];
        if (running.Count > 0)
            parts.Add($"running {string.Join(", ", running.Take(MaxNamed).Select(task => $"{task.Key}{HostsDone(task.Value)}"))}{(running.Count > MaxNamed ? $" and {running.Count - MaxNamed} more" : "")}");
        parts.Add(ReadableValues.Seconds(time.GetElapsedTime(startedAt)));
        var now = time.GetUtcNow();
        if (running.Where(task => task.Value.RetryAt > now).OrderBy(task => task.Value.RetryAt).FirstOrDefault() is { Key: { } next, Value.RetryAt: { } due })
            parts.Add($"{next} again in {ReadableValues.Seconds(TimeSpan.FromSeconds(Math.Ceiling((due - now).TotalSeconds)))}");
        return string.Join(", ", parts);
    }

    private static string HostsDone(RunningTask task) => task.Hosts == 0 ? "" : $" ({task.Hosts} {(task.Hosts == 1 ? "host" : "hosts")} done)";

    private sealed class RunningTask
    {
        public int Hosts { get; set; }

        public DateTimeOffset? RetryAt { get; set; }
    }
}
