using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Osapi.Transport.Nats;

/// <summary>How to reach the broker, and how long it keeps what.</summary>
public sealed record NatsOptions
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

    /// <summary>The time: of pauses, bounds and the monotonic clock between two readings of the broker's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where interruptions of the connection and failures without a caller are told.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>Everything that is wrong with these options; empty when nothing is. Files are not opened.</summary>
    public IReadOnlyList<string> Check() => throw new NotImplementedException();
}
