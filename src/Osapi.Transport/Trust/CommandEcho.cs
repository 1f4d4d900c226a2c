namespace Osapi.Transport.Trust;

/// <summary>The newest time of this host that the controllers knew when they wrote a command. It bounds the age of the command without any other clock.</summary>
/// <param name="time">The time.</param>
/// <param name="clock">The clock of this host.</param>
public readonly struct CommandEcho(BootTime time, BootClock clock)
{
    /// <summary>The most that the command can be old; null when that is not known, because the host has booted since.</summary>
    public TimeSpan? MaxAge => clock.AgeOf(time);
}
