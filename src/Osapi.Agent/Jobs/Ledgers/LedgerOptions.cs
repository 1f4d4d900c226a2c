using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Osapi.Agent.Jobs.Ledgers;

/// <summary>Where a ledger lies and how long it remembers.</summary>
internal sealed class LedgerOptions
{
    /// <summary>The ledger's own directory; created when it does not exist, and closed to everybody but its owner.</summary>
    public required string Directory { get; init; }

    /// <summary>The id of the session that begins with the opening; made at random when not given.</summary>
    public string Session { get; init; } = Guid.NewGuid().ToString("N");

    /// <summary>The id of the time since the host booted; null when it is not known.</summary>
    public string? BootId { get; init; } = Hosts.Identity.BootId.Read();

    /// <summary>The time.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Hears of torn records and failed compactions.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>How long a published job is remembered. Not shorter than the life of a command: until then it may be delivered again.</summary>
    public TimeSpan RememberFor { get; init; } = TimeSpan.FromHours(2);

    /// <summary>The size in bytes at which the file is compacted.</summary>
    public long CompactAt { get; init; } = 16 * 1024 * 1024;
}
