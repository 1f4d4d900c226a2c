using Osapi.Controller.Auth;
using Osapi.Controller.Metrics;
using Osapi.Controller.Runs.Detached;

namespace Osapi.Controller;

/// <summary>The configuration of a controller.</summary>
public sealed record ControllerOptions
{
    /// <summary>The default maximum size of a request, in bytes: 16 MiB.</summary>
    public const long DefaultMaxRequestBytes = 16L << 20;

    /// <summary>The default maximum size of an upload, in bytes: 10 GiB.</summary>
    public const long DefaultMaxUploadBytes = 10L << 30;

    /// <summary>The file of the key that signs tokens, created when it does not exist; <c>signing.key</c> in the state directory when not given.</summary>
    public string? SigningKeyFile { get; init; }

    /// <summary>
    /// The directory of further keys that sign valid tokens: secret ones (<c>*.key</c>) and public ones (<c>*.pem</c>), read again when they change.
    /// <c>token-keys</c> in the state directory when not given; it need not exist.
    /// </summary>
    public string? TokenKeysDirectory { get; init; }

    /// <summary>The permissions of each role beside the built-in ones; default: none.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Roles { get => field ?? new Dictionary<string, IReadOnlyList<string>>(); init; }

    /// <summary>The issuer whose tokens are accepted as well; null for none.</summary>
    public OidcOptions? Oidc { get; init; }

    /// <summary>The roles of each client certificate, by the common name of its subject; default: none.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Clients { get => field ?? new Dictionary<string, IReadOnlyList<string>>(); init; }

    /// <summary>The file of the controllers' keys, created when it does not exist; all controllers of a system use copies of it. <c>controller.key</c> in the state directory when not given.</summary>
    public string? KeyFile { get; init; }

    /// <summary>True when hosts that are not enrolled get no work; default: false. On the embedded transport, it means nothing.</summary>
    public bool RefuseUnsigned { get; init; }

    /// <summary>True to send secrets also to hosts that are not enrolled, whose commands are not sealed; default: false. On the embedded transport, it means nothing.</summary>
    public bool AllowUnsealedSecrets { get; init; }

    /// <summary>The addresses to listen on, such as <c>http://127.0.0.1:8080</c>; port 0 chooses a free port, <c>http://0.0.0.0:8080</c> means every address, an empty list disables TCP.</summary>
    public IReadOnlyList<Uri> Urls { get; init; } = [];

    /// <summary>The certificate for <c>https</c> addresses.</summary>
    public TlsCertificate? Tls { get; init; }

    /// <summary>
    /// The path of a Unix socket to listen on, at most 107 bytes (unix(7)). A file that a killed process left behind is replaced. Null means <c>osapi.sock</c> in the
    /// state directory of a node, and no socket for a controller without a node.
    /// </summary>
    public string? Socket { get; init; }

    /// <summary>
    /// True when the runners of plans live no longer than this controller, because they are one process: those of before need not be listened for. Default:
    /// false.
    /// </summary>
    public bool HasOwnRunnersOnly { get; init; }

    /// <summary>The maximum number of plans that the controller runs at the same time for callers that handed them over; default: 10. Further ones wait. 0 for none.</summary>
    public int MaxDetachedRuns { get; init; } = 10;

    /// <summary>Runs the plans that were handed over; null for a controller that takes none.</summary>
    internal DetachedRunner? RunDetached { get; init; }

    /// <summary>The maximum size of a request, in bytes; default: 16 MiB.</summary>
    public long MaxRequestBytes { get; init; } = DefaultMaxRequestBytes;

    /// <summary>The maximum size of an upload, in bytes; default: 10 GiB.</summary>
    public long MaxUploadBytes { get; init; } = DefaultMaxUploadBytes;

    /// <summary>The callers that read metrics without a token; others need the permission <c>health:read</c>. Default: callers on this machine.</summary>
    public MetricsAccess MetricsAccess { get; init; }

    /// <summary>The limits for callers.</summary>
    public ControllerLimits Limits { get; init; } = new();

    /// <summary>The time for which jobs can be read after their last change; default: 7 days, the time for which the transport keeps them.</summary>
    public TimeSpan KeepJobs { get; init; } = TimeSpan.FromDays(7);

    /// <summary>The number of finished jobs that can be read, the newest ones; default: no limit.</summary>
    public int? KeepAtMost { get; init; }

    /// <summary>The time for which the transport keeps commands; default: 2 hours. A deleted job's id stays reserved for an hour more, so that no command starts it again.</summary>
    public TimeSpan KeepCommands { get; init; } = TimeSpan.FromHours(2);

    /// <summary>The time for which entries of the audit log are kept; default: 90 days.</summary>
    public TimeSpan KeepAudit { get; init; } = TimeSpan.FromDays(90);

    /// <summary>The maximum size of the files of each chain of the audit log, in bytes, beyond which the oldest are removed; default: 1 GiB.</summary>
    public long MaxAuditBytes { get; init; } = 1L << 30;

    /// <summary>The time for which an agent without a heartbeat stays in the list; default: 30 days.</summary>
    public TimeSpan KeepAgents { get; init; } = TimeSpan.FromDays(30);
}
