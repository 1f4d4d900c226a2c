namespace Osapi.Agent.Hosts.Processes;

/// <summary>How a program ended.</summary>
/// <param name="Exit">Its exit code or signal.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
/// <param name="Duration">From its start to its end.</param>
/// <param name="Stopped">How it was stopped; null when it ended by itself.</param>
internal sealed record ProcessResult(ProcessExit Exit, CapturedText Output, CapturedText Error, TimeSpan Duration, TerminationResult? Stopped);

/// <summary>The status of an ended process (waitid(2)).</summary>
/// <param name="Code">Its exit code; -1 when a signal ended it.</param>
/// <param name="Signal">The signal; null when it exited by itself.</param>
internal readonly record struct ProcessExit(int Code, string? Signal)
{
    /// <summary>Of a process that cannot be killed now, because the kernel does something for it that cannot be interrupted.</summary>
    public static ProcessExit None { get; } = new(-1, null);
}

/// <summary>What came out of a stream.</summary>
/// <param name="Text">The text, up to the limit.</param>
/// <param name="Truncated">True when there was more.</param>
/// <param name="Replaced">True when bytes that are not UTF-8 were replaced.</param>
internal readonly record struct CapturedText(string Text, bool Truncated, bool Replaced);
