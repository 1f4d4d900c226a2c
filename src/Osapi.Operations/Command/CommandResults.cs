using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Command;

/// <summary>The output of a command, and how it ended.</summary>
public sealed record CommandResult
{
    /// <summary>
    /// The standard output, up to the limit of the host (64 MiB by default), and less when the host has no space for more. A caller that
    /// asks for at most so much gets the beginning and the end of a larger one, 64 KiB each. Invalid UTF-8 bytes are replaced with U+FFFD.
    /// </summary>
    [JsonConverter(typeof(LargeTextConverter))]
    public required string Stdout { get; init; }

    /// <summary>
    /// The standard error, up to the limit of the host (64 MiB by default), and less when the host has no space for more. A caller that
    /// asks for at most so much gets the beginning and the end of a larger one, 64 KiB each. Invalid UTF-8 bytes are replaced with U+FFFD.
    /// </summary>
    [JsonConverter(typeof(LargeTextConverter))]
    public required string Stderr { get; init; }

    /// <summary>The exit code, 0 to 255; -1 when a signal ended the command.</summary>
    public required int ExitCode { get; init; }

    /// <summary>The signal that ended the command, such as <c>SIGKILL</c> (signal(7)); null when it exited normally.</summary>
    public string? Signal { get; init; }

    /// <summary>The run time in milliseconds.</summary>
    public required long DurationMs { get; init; }

    /// <summary>True when the command ran: its effects cannot be determined.</summary>
    public required bool Changed { get; init; }

    /// <summary>True when the standard output was longer and is cut; left out when false.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool StdoutTruncated { get; init; }

    /// <summary>The number of bytes that were written to the standard output, when it is larger than a reply; otherwise null and left out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? StdoutBytes { get; init; }

    /// <summary>True when the standard error was longer and is cut; left out when false.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool StderrTruncated { get; init; }

    /// <summary>The number of bytes that were written to the standard error, when it is larger than a reply; otherwise null and left out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? StderrBytes { get; init; }

    /// <summary>True when the standard output was not valid UTF-8 and bytes of it were replaced; left out when false.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool StdoutReplaced { get; init; }

    /// <summary>True when the standard error was not valid UTF-8 and bytes of it were replaced; left out when false.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool StderrReplaced { get; init; }
}
