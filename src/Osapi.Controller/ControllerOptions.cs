using Osapi.Transport;

namespace Osapi.Controller;

/// <summary>The options of a controller.</summary>
public sealed record ControllerOptions
{
    /// <summary>The default maximum size of a request, in bytes: 16 MiB.</summary>
    public const long DefaultMaxRequestBytes = 16L << 20;

    /// <summary>The default maximum size of an upload, in bytes: 10 GiB.</summary>
    public const long DefaultMaxUploadBytes = 10L << 30;

    /// <summary>The transport. The caller opens and disposes it.</summary>
    public required ITransport Transport { get; init; }

    /// <summary>The directory of the read model and the signing key; it must exist.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>
    /// The file of the token signing key, created if missing; default <c>signing.key</c> in the state directory.
    /// </summary>
    public string? SigningKeyFile { get; init; }

    /// <summary>
    /// The addresses to listen on: <c>http://127.0.0.1:8080</c>, port 0 for any free one; <c>http://0.0.0.0:8080</c>
    /// for every address; empty for no TCP.
    /// </summary>
    public IReadOnlyList<Uri> Urls { get; init; } = [];

    /// <summary>The certificate of the <c>https</c> addresses.</summary>
    public TlsCertificate? Tls { get; init; }

    /// <summary>The path of a Unix socket to listen on; null for none. A leftover socket file is replaced.</summary>
    public string? Socket { get; init; }

    /// <summary>
    /// True when no other controller and no agent outlives this process: a job that has not started by the next start
    /// never will.
    /// </summary>
    public bool Alone { get; init; }

    /// <summary>The maximum size of a request, in bytes; default 16 MiB.</summary>
    public long MaxRequestBytes { get; init; } = DefaultMaxRequestBytes;

    /// <summary>The maximum size of an upload, in bytes; default 10 GiB.</summary>
    public long MaxUploadBytes { get; init; } = DefaultMaxUploadBytes;

    /// <summary>The limits for callers.</summary>
    public ControllerLimits Limits { get; init; } = new();

    /// <summary>
    /// The time for which jobs can be read after their last change; default 7 days, the same as the transport's
    /// retention.
    /// </summary>
    public TimeSpan KeepJobs { get; init; } = TimeSpan.FromDays(7);

    /// <summary>The maximum number of finished jobs, the newest, that can be read; unlimited by default.</summary>
    public int? KeepAtMost { get; init; }

    /// <summary>
    /// The transport's retention of commands; default 2 hours. The id of a deleted job stays in use for one hour more,
    /// so that no command starts it again.
    /// </summary>
    public TimeSpan KeepCommands { get; init; } = TimeSpan.FromHours(2);

    /// <summary>The time for which a silent agent stays in the list; default 30 days.</summary>
    public TimeSpan KeepAgents { get; init; } = TimeSpan.FromDays(30);

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
