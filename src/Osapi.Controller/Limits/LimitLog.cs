using Microsoft.Extensions.Logging;

namespace Osapi.Controller.Limits;

/// <summary>
/// Logs refusals: the first of each limit at once, then their number every 10 seconds, so that refused callers cannot
/// fill the log.
/// </summary>
internal sealed partial class LimitLog(TimeProvider time, ILogger<LimitLog> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, (long Logged, long Passed)> limits = [];
    private readonly Lock gate = new();

    /// <summary>Counts a refusal.</summary>
    /// <param name="limit">The limit's name, one of a fixed set.</param>
    /// <param name="caller">The refused caller.</param>
    public void Refused(string limit, string caller)
    {
        long unlogged;
        lock (gate)
        {
            if (limits.TryGetValue(limit, out var known) && time.GetElapsedTime(known.Logged) < Interval)
            {
                limits[limit] = known with { Passed = known.Passed + 1 };
                return;
            }

            unlogged = known.Passed;
            limits[limit] = (time.GetTimestamp(), 0);
        }

        if (unlogged == 0)
            LogRefused(limit, caller);
        else
            LogRefusedAgain(limit, caller, unlogged);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Limit reached: {Limit}; refused {Caller}")]
    private partial void LogRefused(string limit, string caller);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Limit reached: {Limit}; refused {Caller}, and {Others} more since the last such line")]
    private partial void LogRefusedAgain(string limit, string caller, long others);
}
