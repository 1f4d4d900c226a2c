using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Osapi.Cli.Logging;

/// <summary>Writes the log to standard error as JSON lines: one object per line, in ASCII, with all other characters escaped.</summary>
/// <remarks>Members: <c>timestamp</c> (UTC), <c>level</c>, <c>category</c>, <c>message</c>, <c>fields</c> with the values in the message, and <c>exception</c>.</remarks>
internal sealed class JsonLogger(TextWriter writer, TimeProvider time) : ILoggerProvider
{
    // Shared by all: several hosts in this process write to the same stream.
    private static readonly Lock Gate = new();

    public static JsonLogger ToStandardError() => new(Console.Error, TimeProvider.System);

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void Dispose()
    {
        // The creator of the writer owns it.
    }

    private void Write(LogLevel level, string category, string message, IEnumerable<KeyValuePair<string, object?>>? fields, Exception? exception)
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            json.WriteString("timestamp", time.GetUtcNow().UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
            json.WriteString("level", level.ToString().ToLowerInvariant());
            json.WriteString("category", category);
            json.WriteString("message", message);
            json.WriteStartObject("fields");
            foreach (var (name, value) in fields ?? [])
                if (name != "{OriginalFormat}")
                    WriteField(json, name, value);
            json.WriteEndObject();
            if (exception is not null)
                json.WriteString("exception", exception.ToString());
            json.WriteEndObject();
        }

        var line = Encoding.ASCII.GetString(bytes.WrittenSpan);
        lock (Gate)
            writer.WriteLine(line);
    }

    private static void WriteField(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNull(name);
                break;
            case bool truth:
                json.WriteBoolean(name, truth);
                break;
            case int or long:
                json.WriteNumber(name, Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case double number when double.IsFinite(number):
                json.WriteNumber(name, number);
                break;
            case IEnumerable<string> texts:
                json.WriteStartArray(name);
                foreach (var text in texts)
                    json.WriteStringValue(text);
                json.WriteEndArray();
                break;
            default:
                json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private sealed class Category(JsonLogger logger, string name) : ILogger
    {
        // Levels are applied by the filters.
        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                logger.Write(logLevel, name, formatter(state, exception), state as IEnumerable<KeyValuePair<string, object?>>, exception);
        }
    }
}
