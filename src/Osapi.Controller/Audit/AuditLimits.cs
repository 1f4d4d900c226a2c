namespace Osapi.Controller.Audit;

/// <summary>The retention of a chain.</summary>
/// <param name="KeepFor">The time for which entries are kept.</param>
/// <param name="MaxBytes">The maximum size of the chain's files.</param>
internal sealed record AuditLimits(TimeSpan KeepFor, long MaxBytes)
{
    /// <summary>The size at which another file is begun, in bytes: whole files are removed.</summary>
    public long SegmentBytes { get; init; } = Math.Clamp(MaxBytes / 16, 64 * 1024, 8 << 20);

    /// <summary>The time after which another file is begun.</summary>
    public TimeSpan SegmentTime => KeepFor / 8 < TimeSpan.FromDays(1) ? KeepFor / 8 : TimeSpan.FromDays(1);
}
