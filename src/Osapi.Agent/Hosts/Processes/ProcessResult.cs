namespace Osapi.Agent.Hosts.Processes;

/// <summary>The result of a program.</summary>
/// <param name="Exit">The exit code or signal.</param>
/// <param name="Output">The standard output.</param>
/// <param name="Error">The standard error.</param>
/// <param name="Duration">The duration of the run.</param>
/// <param name="Stopped">The way it was stopped; null when it ended by itself.</param>
internal sealed record ProcessResult(ProcessExit Exit, CapturedText Output, CapturedText Error, TimeSpan Duration, TerminationResult? Stopped);

/// <summary>The status of an ended process (waitid(2)).</summary>
/// <param name="Code">The exit code; -1 when a signal ended it.</param>
/// <param name="Signal">The signal; null when it exited by itself.</param>
internal readonly record struct ProcessExit(int Code, string? Signal)
{
    /// <summary>The status of a process that cannot be killed now, because it is in an uninterruptible system call.</summary>
    public static ProcessExit None { get; } = new(-1, null);
}

/// <summary>The captured output of a stream.</summary>
/// <param name="Text">The text, up to the limit; of a spooled stream its beginning and end.</param>
/// <param name="Truncated">True when there was more.</param>
/// <param name="Replaced">True when invalid UTF-8 was replaced.</param>
internal readonly record struct CapturedText(string Text, bool Truncated, bool Replaced)
{
    /// <summary>The number of bytes that were written; null when the text has all of them.</summary>
    public long? Bytes { get; init; }
}
