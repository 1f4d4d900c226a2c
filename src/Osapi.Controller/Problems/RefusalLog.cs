using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Osapi.Controller.Limits;

namespace Osapi.Controller.Problems;

/// <summary>Logs one line for each refused request: status, method, path, caller and reason, without query values and body content.</summary>
/// <remarks>At most <see cref="MaxLines"/> lines per status are written in 10 seconds; the next line has the number of omitted ones, so that callers cannot fill a disk.</remarks>
internal sealed partial class RefusalLog(TimeProvider time, ILogger<RefusalLog> logger)
{
    /// <summary>The maximum number of lines per status within 10 seconds.</summary>
    public const int MaxLines = 20;

    private const int MaxText = 200;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Dictionary<int, Window> windows = [];
    private readonly Lock gate = new();

    /// <summary>Logs a refusal.</summary>
    /// <param name="context">The request.</param>
    /// <param name="status">The status of the response.</param>
    /// <param name="reason">The reason, without body content.</param>
    public void Add(HttpContext context, int status, string reason)
    {
        if (!logger.IsEnabled(LogLevel.Information) || TakeLine(status) is not { } others)
            return;
        var (method, path, caller, shortReason) = (Short(context.Request.Method), Short($"{context.Request.PathBase}{context.Request.Path}"), Short(Caller.Of(context)), Short(reason));
        if (others == 0)
            LogRefused(status, method, path, caller, shortReason);
        else
            LogRefusedAgain(status, method, path, caller, shortReason, others);
    }

    // Returns the number of lines omitted before this one; null when this one is omitted, too.
    private long? TakeLine(int status)
    {
        lock (gate)
        {
            if (!windows.TryGetValue(status, out var window))
                windows[status] = window = new();
            if (window.Lines > 0 && time.GetElapsedTime(window.Since) < Interval)
            {
                if (window.Lines < MaxLines)
                {
                    window.Lines++;
                    return 0;
                }

                window.Omitted++;
                return null;
            }

            var others = window.Omitted;
            (window.Since, window.Lines, window.Omitted) = (time.GetTimestamp(), 1, 0);
            return others;
        }
    }

    private static string Short(string text) => text.Length <= MaxText ? text : $"{text[..MaxText]}...";

    [LoggerMessage(Level = LogLevel.Information, Message = "Refused with {Status}: {Method} {Path} of {Caller}: {Reason}")]
    private partial void LogRefused(int status, string method, string path, string caller, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Refused with {Status}: {Method} {Path} of {Caller}: {Reason}; {Others} more since the last such line")]
    private partial void LogRefusedAgain(int status, string method, string path, string caller, string reason, long others);

    private sealed class Window
    {
        public long Since { get; set; }

        public int Lines { get; set; }

        public long Omitted { get; set; }
    }
}
