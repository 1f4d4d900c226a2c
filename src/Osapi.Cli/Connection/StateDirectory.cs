namespace Osapi.Cli.Connection;

/// <summary>The state directory of this machine's system.</summary>
internal static class StateDirectory
{
    /// <summary>The maximum length of a Unix socket's path in bytes (unix(7): 108 with the terminating NUL).</summary>
    public const int MaxSocketPath = 107;

    /// <summary>Returns the default: <c>/var/lib/osapi</c> for root and <c>$XDG_STATE_HOME/osapi</c> for other users.</summary>
    public static string Default()
    {
        if (Environment.IsPrivilegedProcess)
            return "/var/lib/osapi";
        // XDG Base Directory Specification: relative paths must be ignored.
        var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
        return Path.Combine(
            Path.IsPathRooted(state) ? state : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state"), "osapi");
    }
}
