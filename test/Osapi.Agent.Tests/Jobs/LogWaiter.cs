using Microsoft.Extensions.Logging;

namespace Osapi.Agent.Tests.Jobs;

/// <summary>A log that tests can wait for.</summary>
internal sealed class LogWaiter : ILogger
{
    private readonly Lock gate = new();
    private readonly List<string> lines = [];
    private readonly List<(string Text, int Times, TaskCompletionSource LogLines)> waiting = [];

    /// <summary>Completes when the text was logged this many times.</summary>
    public Task WaitForLineAsync(string text, int times = 1)
    {
        TaskCompletionSource said = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
            waiting.Add((text, times, said));
        Look();
        return said.Task;
    }

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (gate)
            lines.Add(formatter(state, exception));
        Look();
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    private void Look()
    {
        lock (gate)
            foreach (var (text, times, said) in waiting)
                if (lines.Count(line => line.Contains(text, StringComparison.Ordinal)) >= times)
                    said.TrySetResult();
    }
}
