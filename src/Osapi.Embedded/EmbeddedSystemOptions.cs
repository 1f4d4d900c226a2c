using Microsoft.Extensions.Logging;

namespace Osapi.Embedded;

/// <summary>How a system on one machine is set up.</summary>
public sealed record EmbeddedSystemOptions
{
    /// <summary>Where it keeps everything; made when it is not there. One system at a time holds it.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>Where it listens on TCP; nowhere when empty.</summary>
    public IReadOnlyList<Uri> Urls { get; init; } = [];

    /// <summary>The path of its Unix socket, at most 107 bytes (unix(7)); <c>osapi.sock</c> in the state directory when not given.</summary>
    public string? Socket { get; init; }

    /// <summary>The agent's name; the machine's when not given.</summary>
    public string? Hostname { get; init; }

    /// <summary>The agent's labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Facts that the agent adds to those it reads: <c>@fact.custom.NAME</c>. A name is one word of letters, digits and <c>_</c>.</summary>
    public IReadOnlyDictionary<string, string> CustomFacts { get; init; } = new Dictionary<string, string>();

    /// <summary>How many jobs run at once; 10 when not set.</summary>
    public int MaxJobs { get; init; } = 10;

    /// <summary>Where logs go; nowhere when not given.</summary>
    public Action<ILoggingBuilder> Logging { get; init; } = static _ => { };
}
