using Microsoft.Extensions.Logging;
using Osapi.Operations;

namespace Osapi.Cli.Logging;

/// <summary>
/// Writes the log to standard error, one line per message, with control characters escaped: for people, or for the journal, which
/// adds the time itself and reads the level from a prefix (sd-daemon(3)).
/// </summary>
internal sealed class LineLogger(TextWriter writer, bool journal, TimeProvider time) : ILoggerProvider
{
    // Shared by all: several hosts in this process write to the same stream.
    private static readonly Lock Gate = new();

    /// <summary>systemd sets JOURNAL_STREAM for processes that are connected to the journal (systemd.exec(5)).</summary>
    public static LineLogger ToStandardError() =>
        new(Console.Error, Environment.GetEnvironmentVariable("JOURNAL_STREAM") is { Length: > 0 } && Console.IsErrorRedirected, TimeProvider.System);

    public ILogger CreateLogger(string categoryName) => new Category(this, Source(categoryName));

    public void Dispose()
    {
        // The creator of the writer owns it.
    }

    // Operators know the part of the system; the type is found by the message.
    private static string Source(string category) => category.Split('.') is ["Osapi", var part, ..] ? part.ToLowerInvariant() : category;

    private void Write(LogLevel level, string source, string message, Exception? exception)
    {
        var (number, name) = level switch
        {
            LogLevel.Critical => (2, "critical"),
            LogLevel.Error => (3, "error"),
            LogLevel.Warning => (4, "warning"),
            LogLevel.Information => (6, "info"),
            _ => (7, level == LogLevel.Debug ? "debug" : "trace"),
        };
        var start = journal ? $"<{number}>{source}: " : $"{time.GetLocalNow():HH:mm:ss} {name,-8} {source}: ";
        lock (Gate)
            foreach (var line in Lines(message, exception))
                writer.WriteLine(start + line);
    }

    // Messages contain text from hosts, callers and brokers. Each must be one line, or its text could forge the next one; only stack
    // frames follow on lines of their own.
    private static IEnumerable<string> Lines(string message, Exception? exception)
    {
        List<string> frames = [];
        for (; exception is not null; exception = exception.InnerException)
        {
            message += $": {exception.GetType().FullName}: {exception.Message}";
            frames.AddRange((exception.StackTrace ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }

        return [ControlCharacters.Escape(message), .. frames.Select(frame => ControlCharacters.Escape(frame.TrimEnd()))];
    }

    private sealed class Category(LineLogger logger, string source) : ILogger
    {
        // Levels are applied by the filters.
        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                logger.Write(logLevel, source, formatter(state, exception), exception);
        }
    }
}
