using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Osapi.Agent.Jobs.Ledgers;

/// <summary>The options of a ledger.</summary>
internal sealed class LedgerOptions
{
    /// <summary>The directory of the ledger; created if missing, and accessible to its owner only.</summary>
    public required string Directory { get; init; }

    /// <summary>The id of the new session; random by default.</summary>
    public string Session { get; init; } = Guid.NewGuid().ToString("N");

    /// <summary>The id of the current boot; null when unknown.</summary>
    public string? BootId { get; init; } = Hosts.Identity.BootId.Read();

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The logger for torn records and failed compactions.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>
    /// The time for which a published job is remembered. More than the retention of commands, until which one may be
    /// delivered again, and than the longest start limit and an hour, until which one may be repeated by a hostile broker.
    /// </summary>
    public TimeSpan RememberFor { get; init; } = TimeSpan.FromHours(3);

    /// <summary>The size in bytes at which the file is compacted.</summary>
    public long CompactAt { get; init; } = 16 * 1024 * 1024;

    /// <summary>The time after which the file no longer has the reply of a job that was published: a deleted job leaves nothing here.</summary>
    public TimeSpan RemoveRepliesAfter { get; init; } = TimeSpan.FromMinutes(1);
}
