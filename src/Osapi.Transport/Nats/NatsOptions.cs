using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Osapi.Transport.Nats;

/// <summary>The connection to the broker, and its retention.</summary>
public sealed partial record NatsOptions
{
    /// <summary>The servers of one cluster: <c>nats://host:4222</c>, or <c>tls://host:4222</c> to require TLS.</summary>
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>The user's name; together with <see cref="Password"/>.</summary>
    public string? User { get; init; }

    /// <summary>The user's password.</summary>
    public string? Password { get; init; }

    /// <summary>A file with the seed of an nkey (<c>SU...</c>).</summary>
    public string? NKeySeedFile { get; init; }

    /// <summary>A credentials file: a user's JWT and the seed of its key.</summary>
    public string? CredentialsFile { get; init; }

    /// <summary>The PEM file of the authorities that sign the broker's certificate; null for those of the machine.</summary>
    public string? TlsCaFile { get; init; }

    /// <summary>The PEM file of the client certificate; together with <see cref="TlsKeyFile"/>.</summary>
    public string? TlsCertificateFile { get; init; }

    /// <summary>The PEM file of that certificate's private key.</summary>
    public string? TlsKeyFile { get; init; }

    /// <summary>
    /// The prefix of all names on the broker, so that several systems can share one: letters, digits and <c>-</c>.
    /// Default <c>osapi</c>.
    /// </summary>
    public string Prefix { get; init; } = "osapi";

    /// <summary>The number of servers that store each log: 1 to 5. Default 1.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>
    /// True for controllers, which create missing logs and buckets and set their retention. False for agents, which
    /// need no permission to do so and wait until the streams exist. Default true.
    /// </summary>
    public bool CreateStreams { get; init; } = true;

    /// <summary>
    /// True when this process used these logs before. Missing streams are then recreated only after the broker has
    /// reported for 10 seconds that they are missing, because a starting cluster and a backup being restored report the
    /// same for a while. Default false.
    /// </summary>
    public bool SeenStreams { get; init; }

    /// <summary>The retention of a job's record, states and results: 7 days.</summary>
    public TimeSpan KeepJobs { get; init; } = TimeSpan.FromDays(7);

    /// <summary>
    /// The retention of commands and queued jobs: the longest time within which a job must start (1 hour), plus 1 hour.
    /// It must be shorter than <see cref="KeepJobs"/>; otherwise an old command could outlive its job's record.
    /// </summary>
    public TimeSpan KeepCommands { get; init; } = TimeSpan.FromHours(2);

    /// <summary>The name of this connection in the broker's lists. Default <c>osapi</c>.</summary>
    public string Name { get; init; } = "osapi";

    /// <summary>
    /// The subject below which this connection receives its replies. A separate prefix for each user of the broker
    /// keeps users from reading each other's replies. Default <c>_INBOX</c>.
    /// </summary>
    public string InboxPrefix { get; init; } = "_INBOX";

    /// <summary>
    /// The prefix of the subjects of JetStream requests. An agent whose account imports them from another account gives
    /// the imported name (<c>docs/nats.md</c>). Default <c>$JS.API</c>.
    /// </summary>
    public string ApiPrefix { get; init; } = "$JS.API";

    /// <summary>The clock for delays and timeouts, and for the time between two readings of the broker's clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The logger for connection interruptions and background failures.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>
    /// The time that a message of the queue may be held. Tests shorten it; otherwise the value is part of the
    /// transport's contract.
    /// </summary>
    internal TimeSpan AcknowledgeTimeout { get; init; } = QueueDelivery.AcknowledgeTimeout;

    /// <summary>Validates the options and returns every problem; empty when there is none. Files are not opened.</summary>
    public IReadOnlyList<string> Check() => [.. Problems()];

    // Without the password, which would otherwise appear in logs.
    /// <inheritdoc/>
    public override string ToString() => $"{Name} at {string.Join(' ', Urls)}, prefix {Prefix}";

    private IEnumerable<string> Problems()
    {
        if (Urls.Count == 0)
            yield return "No server is configured.";
        foreach (var url in Urls.Where(url => !Url.IsMatch(url)))
            yield return $"'{url}' is not a server: nats://host:port or tls://host:port, without a user.";
        if ((User is null) != (Password is null))
            yield return "A user and a password require each other.";
        if (new[] { User ?? Password, NKeySeedFile, CredentialsFile }.Count(way => way is not null) > 1)
            yield return "There is more than one kind of credentials: use a user and a password, or an nkey, or a credentials file.";
        if ((TlsCertificateFile is null) != (TlsKeyFile is null))
            yield return "A certificate and its key require each other.";
        if (!Token.IsMatch(Prefix))
            yield return $"The prefix '{Prefix}' must consist of lower-case letters, digits and '-'.";
        if (!Inbox.IsMatch(InboxPrefix))
            yield return $"The inbox prefix '{InboxPrefix}' is not a subject.";
        if (!Api.IsMatch(ApiPrefix))
            yield return $"The prefix of JetStream's requests '{ApiPrefix}' is not a subject.";
        if (Replicas is < 1 or > 5)
            yield return $"The number of replicas, {Replicas}, must be between 1 and 5.";
        if (KeepCommands < MinRetention)
            yield return $"Commands must be kept for at least one second, not {KeepCommands}.";
        if (KeepCommands >= KeepJobs)
            yield return $"Commands must be kept for less time than jobs: commands are kept for {KeepCommands}, jobs for {KeepJobs}.";
        if (string.IsNullOrWhiteSpace(Name))
            yield return "The connection has no name.";
    }

    /// <summary>True for a valid <see cref="Prefix"/>.</summary>
    internal static bool IsPrefix(string text) => Token.IsMatch(text);

    private static readonly TimeSpan MinRetention = TimeSpan.FromSeconds(1);

    [GeneratedRegex(@"\A(nats|tls)://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?/?\z")]
    private static partial Regex Url { get; }

    [GeneratedRegex(@"\A[a-z0-9-]+\z")]
    private static partial Regex Token { get; }

    [GeneratedRegex(@"\A[A-Za-z0-9_=-]+(\.[A-Za-z0-9_=-]+)*\z")]
    private static partial Regex Inbox { get; }

    [GeneratedRegex(@"\A[$A-Za-z0-9_=-]+(\.[A-Za-z0-9_=-]+)*\z")]
    private static partial Regex Api { get; }
}
