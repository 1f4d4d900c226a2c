namespace Osapi.Cli.Connection;

/// <summary>Where this machine's own system keeps its state.</summary>
internal static class StateDirectory
{
    /// <summary>The most bytes in the path of a Unix socket (unix(7): 108 with the zero at the end).</summary>
    public const int MaxSocketPath = 107;

    /// <summary>What counts when none is given: <c>/var/lib/osapi</c> for root and <c>$XDG_STATE_HOME/osapi</c> for everybody else.</summary>
    public static string Default()
    {
        if (Environment.IsPrivilegedProcess)
            return "/var/lib/osapi";
        // XDG Base Directory Specification: relative paths are to be ignored.
        var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
        return Path.Combine(
            Path.IsPathRooted(state) ? state : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state"), "osapi");
    }
}
