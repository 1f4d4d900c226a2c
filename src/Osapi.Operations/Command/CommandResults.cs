using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Command;

/// <summary>What a command wrote and how it ended.</summary>
public sealed record CommandResult
{
    /// <summary>Its standard output, the first 64 MiB of it, less where most of it needs escapes in JSON or other commands of the host write much at the same time. Bytes that are not UTF-8 stand as U+FFFD.</summary>
    [JsonConverter(typeof(LargeTextConverter))]
    public required string Stdout { get; init; }

    /// <summary>Its standard error, the first 64 MiB of it, less where most of it needs escapes in JSON or other commands of the host write much at the same time. Bytes that are not UTF-8 stand as U+FFFD.</summary>
    [JsonConverter(typeof(LargeTextConverter))]
    public required string Stderr { get; init; }

    /// <summary>Its exit code, 0 to 255; -1 when a signal ended it.</summary>
    public required int ExitCode { get; init; }

    /// <summary>The signal that ended it, such as <c>SIGKILL</c> (signal(7)); null when it exited by itself.</summary>
    public string? Signal { get; init; }

    /// <summary>Milliseconds from its start to its end.</summary>
    public required long DurationMs { get; init; }

    /// <summary>True when it ran: what a command did cannot be known.</summary>
    public required bool Changed { get; init; }

    /// <summary>True when there was more standard output than is kept; left out when false.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool StdoutTruncated { get; init; }

    /// <summary>True when there was more standard error than is kept; left out when false.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool StderrTruncated { get; init; }

    /// <summary>True when the standard output was not UTF-8 and bytes of it were replaced; left out when false.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool StdoutReplaced { get; init; }

    /// <summary>True when the standard error was not UTF-8 and bytes of it were replaced; left out when false.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool StderrReplaced { get; init; }
}
