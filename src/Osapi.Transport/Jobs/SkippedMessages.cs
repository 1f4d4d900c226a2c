using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Osapi.Transport.Jobs;

/// <summary>
/// Counts the messages that a reader skips as unknown or invalid, and logs at most one per sender and minute, so that
/// a flood of them does not fill the disk.
/// </summary>
public sealed partial class SkippedMessages(ILogger logger, TimeProvider time)
{
    private const int MaxSenders = 1000;
    private const int MaxSubjectLength = 200;
    private static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Sender> senders = new(StringComparer.Ordinal);
    private long count;

    /// <summary>The number of skipped messages.</summary>
    public long Count => Interlocked.Read(ref count);

    /// <summary>Counts a message, and logs it unless a message of its sender was logged within the last minute.</summary>
    /// <param name="reader">The name of the reader, such as <c>jobs</c>.</param>
    /// <param name="sender">The likely sender: the host that the subject names.</param>
    /// <param name="subject">The subject, or the key.</param>
    /// <param name="sequence">The sequence; 0 for a signal, which has none.</param>
    /// <param name="reason">The reason why it is skipped.</param>
    public void Add(string reader, string sender, string subject, long sequence, string reason)
    {
        ArgumentNullException.ThrowIfNull(sender);
        Interlocked.Increment(ref count);
        Telemetry.SkippedMessages.Add(1, new KeyValuePair<string, object?>("reader", reader));
        var senderLog = senders.TryGetValue(sender, out var found) ? found : senders.GetOrAdd(senders.Count < MaxSenders ? sender : "", static _ => new());
        if (senderLog.ShouldLog(time, LogInterval) is { } unlogged)
            LogSkipped(reader, Excerpt(subject), sequence, reason, unlogged);
    }

    // The subject comes from another process and a log line is read on a terminal, so it is shortened and escaped.
    private static string Excerpt(string? subject)
    {
        var text = subject ?? "";
        if (text.Length > MaxSubjectLength)
            text = text[..MaxSubjectLength] + "...";
        return string.Create(text.Length, text, static (shown, from) =>
        {
            for (var i = 0; i < from.Length; i++)
                shown[i] = from[i] is > ' ' and < '\x7f' ? from[i] : '?';
        });
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Skipped in {Reader}: {Subject} at {Sequence}, because {Reason} ({Unlogged} more of this sender since the last line)")]
    private partial void LogSkipped(string reader, string subject, long sequence, string reason, long unlogged);

    private sealed class Sender
    {
        private readonly Lock gate = new();
        private long? lastLogged;
        private long unlogged;

        /// <summary>
        /// Gets the number of messages not logged since the last logged one; null when this one is not to be logged
        /// either.
        /// </summary>
        public long? ShouldLog(TimeProvider time, TimeSpan interval)
        {
            lock (gate)
            {
                if (lastLogged is { } last && time.GetElapsedTime(last) < interval)
                {
                    unlogged++;
                    return null;
                }

                lastLogged = time.GetTimestamp();
                var before = unlogged;
                unlogged = 0;
                return before;
            }
        }
    }
}
