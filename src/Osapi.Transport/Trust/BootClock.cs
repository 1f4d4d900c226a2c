namespace Osapi.Transport.Trust;

/// <summary>The clock of a host that counts the seconds since its boot. Tests move it.</summary>
/// <param name="boot">The present boot; 0 when it is not known, then the clock tells nothing.</param>
/// <param name="sinceBoot">Reads the time since the boot, suspended time included.</param>
public sealed class BootClock(ulong boot, Func<TimeSpan> sinceBoot)
{
    /// <summary>A clock that tells nothing: the age of no command is known.</summary>
    public static BootClock None { get; } = new(boot: 0, static () => TimeSpan.Zero);

    /// <summary>The present time; null when the boot is not known.</summary>
    public BootTime? Now => boot == 0 ? null : new(boot, (uint)sinceBoot().TotalSeconds);

    /// <summary>Gets the time that has passed since a time of this clock; null when that was in another boot, or is not known.</summary>
    public TimeSpan? AgeOf(BootTime time) => Now is { } now && now.Boot == time.Boot && now.Seconds >= time.Seconds ? TimeSpan.FromSeconds(now.Seconds - time.Seconds) : null;
}
