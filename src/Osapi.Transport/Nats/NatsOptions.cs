using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Osapi.Transport.Nats;

/// <summary>How to reach the broker, and how long it keeps what.</summary>
public sealed partial record NatsOptions
{
    /// <summary>The servers of one cluster: <c>nats://host:4222</c>, or <c>tls://host:4222</c> to refuse a connection in the clear.</summary>
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>The user's name; together with <see cref="Password"/>.</summary>
    public string? User { get; init; }

    /// <summary>The user's password.</summary>
    public string? Password { get; init; }

    /// <summary>A file with the seed of an nkey (<c>SU...</c>).</summary>
    public string? NKeySeedFile { get; init; }

    /// <summary>A credentials file: a user's JWT and the seed of its key.</summary>
    public string? CredentialsFile { get; init; }

    /// <summary>The PEM file of the authorities that may have signed the broker's certificate; null for those of the machine.</summary>
    public string? TlsCaFile { get; init; }

    /// <summary>The PEM file of the certificate that this side shows; together with <see cref="TlsKeyFile"/>.</summary>
    public string? TlsCertificateFile { get; init; }

    /// <summary>The PEM file of that certificate's private key.</summary>
    public string? TlsKeyFile { get; init; }

    /// <summary>What the names of everything on the broker begin with, so that several systems can share one: letters, digits and <c>-</c>. Default <c>osapi</c>.</summary>
    public string Prefix { get; init; } = "osapi";

    /// <summary>On how many servers each log is stored: 1 to 5. Default 1.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>
    /// Creates the logs and buckets that are missing, and sets how long they keep what: for controllers. Without it this
    /// side needs no right to do so and waits until they are there: for agents. Default true.
    /// </summary>
    public bool CreateStreams { get; init; } = true;

    /// <summary>
    /// True when this side knew these logs before. What is missing is then not created at once, but when the broker has said for 10 seconds that it is not there:
    /// a cluster that starts and a backup that is being restored say the same for a while. Default false.
    /// </summary>
    public bool SeenStreams { get; init; }

    /// <summary>How long the record, the states and the results of a job are kept: 7 days.</summary>
    public TimeSpan KeepJobs { get; init; } = TimeSpan.FromDays(7);

    /// <summary>
    /// How long commands and queued jobs are kept: the longest time within which a job must start (1 hour), and 1 hour more.
    /// It must be shorter than <see cref="KeepJobs"/>, else an old command meets a forgotten job.
    /// </summary>
    public TimeSpan KeepCommands { get; init; } = TimeSpan.FromHours(2);

    /// <summary>What the broker's lists of connections call this one. Default <c>osapi</c>.</summary>
    public string Name { get; init; } = "osapi";

    /// <summary>
    /// The subject below which this connection gets its answers. One of its own for each user of the broker keeps them from
    /// listening to each other. Default <c>_INBOX</c>.
    /// </summary>
    public string InboxPrefix { get; init; } = "_INBOX";

    /// <summary>
    /// What the subjects of JetStream's requests begin with. An agent whose account imports them from another one gives the name under which it
    /// does (<c>docs/nats.md</c>). Default <c>$JS.API</c>.
    /// </summary>
    public string ApiPrefix { get; init; } = "$JS.API";

    /// <summary>The time: of pauses, bounds and the monotonic clock between two readings of the broker's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where interruptions of the connection and failures without a caller are told.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>How long a message of the queue may be held. Tests shorten it; for everybody else it is part of the transport's contract.</summary>
    internal TimeSpan AcknowledgeWithin { get; init; } = QueueDelivery.AcknowledgeWithin;

    /// <summary>Everything that is wrong with these options; empty when nothing is. Files are not opened.</summary>
    public IReadOnlyList<string> Check() => [.. Problems()];

    // Without the password, which would be in logs else.
    /// <inheritdoc/>
    public override string ToString() => $"{Name} at {string.Join(' ', Urls)}, prefix {Prefix}";

    private IEnumerable<string> Problems()
    {
        if (Urls.Count == 0)
            yield return "No server is named.";
        foreach (var url in Urls.Where(url => !Url.IsMatch(url)))
            yield return $"'{url}' is not a server: nats://host:port or tls://host:port, without a user.";
        if ((User is null) != (Password is null))
            yield return "A user and a password come together.";
        if (new[] { User ?? Password, NKeySeedFile, CredentialsFile }.Count(way => way is not null) > 1)
            yield return "There is more than one way to authenticate: give a user and a password, or an nkey, or credentials.";
        if ((TlsCertificateFile is null) != (TlsKeyFile is null))
            yield return "A certificate and its key come together.";
        if (!Token.IsMatch(Prefix))
            yield return $"The prefix '{Prefix}' is not made of small letters, digits and '-'.";
        if (!Inbox.IsMatch(InboxPrefix))
            yield return $"The inbox prefix '{InboxPrefix}' is not a subject.";
        if (!Api.IsMatch(ApiPrefix))
            yield return $"The prefix of JetStream's requests '{ApiPrefix}' is not a subject.";
        if (Replicas is < 1 or > 5)
            yield return $"{Replicas} replicas are not between 1 and 5.";
        if (KeepCommands < ShortestKeep)
            yield return $"Commands must be kept for a second at least, not {KeepCommands}.";
        if (KeepCommands >= KeepJobs)
            yield return $"Commands must be kept for less time than jobs: commands are kept for {KeepCommands}, jobs for {KeepJobs}.";
        if (string.IsNullOrWhiteSpace(Name))
            yield return "The connection has no name.";
    }

    private static readonly TimeSpan ShortestKeep = TimeSpan.FromSeconds(1);

    [GeneratedRegex(@"\A(nats|tls)://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?/?\z")]
    private static partial Regex Url { get; }

    [GeneratedRegex(@"\A[a-z0-9-]+\z")]
    private static partial Regex Token { get; }

    [GeneratedRegex(@"\A[A-Za-z0-9_=-]+(\.[A-Za-z0-9_=-]+)*\z")]
    private static partial Regex Inbox { get; }

    [GeneratedRegex(@"\A[$A-Za-z0-9_=-]+(\.[A-Za-z0-9_=-]+)*\z")]
    private static partial Regex Api { get; }
}
