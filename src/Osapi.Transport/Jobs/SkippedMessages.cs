using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Osapi.Transport.Jobs;

/// <summary>
/// Counts the messages that a reader does not understand or accept, and logs of each sender one a minute: one who sends
/// many must not fill the disk of who reads them.
/// </summary>
public sealed partial class SkippedMessages(ILogger logger, TimeProvider time)
{
    private const int MaxSenders = 1000;
    private const int MaxSubjectLength = 200;
    private static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Sender> senders = new(StringComparer.Ordinal);
    private long count;

    /// <summary>How many there were.</summary>
    public long Count => Interlocked.Read(ref count);

    /// <summary>Counts a message, and logs it unless its sender was told of within the last minute.</summary>
    /// <param name="reader">Who reads it, in a word, such as <c>jobs</c>.</param>
    /// <param name="sender">Who is likely to have sent it: the host that its subject names.</param>
    /// <param name="subject">Its subject, or its key.</param>
    /// <param name="sequence">Its place; 0 for a signal, which has none.</param>
    /// <param name="reason">Why it is passed over.</param>
    public void Add(string reader, string sender, string subject, long sequence, string reason)
    {
        ArgumentNullException.ThrowIfNull(sender);
        Interlocked.Increment(ref count);
        Telemetry.SkippedMessages.Add(1, new KeyValuePair<string, object?>("reader", reader));
        var known = senders.TryGetValue(sender, out var found) ? found : senders.GetOrAdd(senders.Count < MaxSenders ? sender : "", static _ => new());
        if (known.ShouldLog(time, LogInterval) is { } silent)
            LogSkipped(reader, Excerpt(subject), sequence, reason, silent);
    }

    // A subject is another's word, and a log line is read on a terminal.
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "Passed over in {Reader}: {Subject} at {Sequence}, because {Reason} ({Silent} more of this sender since the last line)")]
    private partial void LogSkipped(string reader, string subject, long sequence, string reason, long silent);

    private sealed class Sender
    {
        private readonly Lock gate = new();
        private long? told;
        private long silent;

        /// <summary>How many were not told of since the last one; null when this one is not told of either.</summary>
        public long? ShouldLog(TimeProvider time, TimeSpan between)
        {
            lock (gate)
            {
                if (told is { } last && time.GetElapsedTime(last) < between)
                {
                    silent++;
                    return null;
                }

                told = time.GetTimestamp();
                var before = silent;
                silent = 0;
                return before;
            }
        }
    }
}
