namespace Osapi.Controller;

/// <summary>The configuration of a controller.</summary>
public sealed record ControllerOptions
{
    /// <summary>The most bytes a request may have when nothing is set: 16 MiB.</summary>
    public const long DefaultMaxRequestBytes = 16L << 20;

    /// <summary>The most bytes an upload may have when nothing is set: 10 GiB.</summary>
    public const long DefaultMaxUploadBytes = 10L << 30;

    /// <summary>The file of the key that signs tokens, made when it is not there; <c>signing.key</c> in the state directory when not given.</summary>
    public string? SigningKeyFile { get; init; }

    /// <summary>The addresses to listen on: <c>http://127.0.0.1:8080</c>, port 0 for any free one; <c>http://0.0.0.0:8080</c> for every address; none for no TCP.</summary>
    public IReadOnlyList<Uri> Urls { get; init; } = [];

    /// <summary>The certificate of the addresses that begin with <c>https</c>.</summary>
    public TlsCertificate? Tls { get; init; }

    /// <summary>
    /// The path of a Unix socket to listen on, at most 107 bytes (unix(7)). A file that a run left behind is replaced. Null for <c>osapi.sock</c> in the
    /// state directory of a node, and for none where a controller is started without one.
    /// </summary>
    public string? Socket { get; init; }

    /// <summary>The most bytes a request may have; 16 MiB when not set.</summary>
    public long MaxRequestBytes { get; init; } = DefaultMaxRequestBytes;

    /// <summary>The most bytes an upload may have; 10 GiB when not set.</summary>
    public long MaxUploadBytes { get; init; } = DefaultMaxUploadBytes;

    /// <summary>The limits for callers.</summary>
    public ControllerLimits Limits { get; init; } = new();

    /// <summary>The time for which jobs can be read after their last change; default: 7 days, the time for which the transport keeps them.</summary>
    public TimeSpan KeepJobs { get; init; } = TimeSpan.FromDays(7);

    /// <summary>The number of finished jobs that can be read, the newest ones; default: no limit.</summary>
    public int? KeepAtMost { get; init; }

    /// <summary>The time for which the transport keeps commands; default: 2 hours. A deleted job's id stays reserved for an hour more, so that no command starts it again.</summary>
    public TimeSpan KeepCommands { get; init; } = TimeSpan.FromHours(2);

    /// <summary>The time for which an agent without a heartbeat stays in the list; default: 30 days.</summary>
    public TimeSpan KeepAgents { get; init; } = TimeSpan.FromDays(30);
}
