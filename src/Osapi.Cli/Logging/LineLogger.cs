using Microsoft.Extensions.Logging;
using Osapi.Operations;

namespace Osapi.Cli.Logging;

/// <summary>
/// Writes what is logged to standard error, a line each, with control characters escaped: for people, or for the journal, which adds the time itself and
/// reads the level from a number in front (sd-daemon(3)).
/// </summary>
internal sealed class LineLogger(TextWriter writer, bool journal, TimeProvider time) : ILoggerProvider
{
    // One for all: several hosts in this process write to the same stream.
    private static readonly Lock Gate = new();

    /// <summary>The journal tells who writes to it that it is the journal (systemd.exec(5)).</summary>
    public static LineLogger ToStandardError() =>
        new(Console.Error, Environment.GetEnvironmentVariable("JOURNAL_STREAM") is { Length: > 0 } && Console.IsErrorRedirected, TimeProvider.System);

    public ILogger CreateLogger(string categoryName) => new Category(this, Source(categoryName));

    public void Dispose()
    {
        // Whoever made the writer keeps it.
    }

    // The part of the system is what an operator knows; the type is found by the message.
    private static string Source(string category) => category.Split('.') is ["Osapi", var part, ..] ? part.ToLowerInvariant() : category;

    private void Write(LogLevel level, string source, string message, Exception? exception)
    {
        var (number, word) = level switch
        {
            LogLevel.Critical => (2, "critical"),
            LogLevel.Error => (3, "error"),
            LogLevel.Warning => (4, "warning"),
            LogLevel.Information => (6, "info"),
            _ => (7, level == LogLevel.Debug ? "debug" : "trace"),
        };
        var start = journal ? $"<{number}>{source}: " : $"{time.GetLocalNow():HH:mm:ss} {word,-8} {source}: ";
        lock (Gate)
            foreach (var line in Lines(message, exception))
                writer.WriteLine(start + line);
    }

    // Messages carry what hosts, callers and brokers sent. One is one line, whatever is in it, or it could forge the next one;
    // only the places of an exception follow on lines of their own.
    private static IEnumerable<string> Lines(string message, Exception? exception)
    {
        List<string> places = [];
        for (; exception is not null; exception = exception.InnerException)
        {
            message += $": {exception.GetType().FullName}: {exception.Message}";
            places.AddRange((exception.StackTrace ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }

        return [ControlCharacters.Escape(message), .. places.Select(place => ControlCharacters.Escape(place.TrimEnd()))];
    }

    private sealed class Category(LineLogger logger, string source) : ILogger
    {
        // Levels are the business of the filters.
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
