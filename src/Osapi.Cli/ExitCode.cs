namespace Osapi.Cli;

/// <summary>What the process says when it ends. Documented in docs/cli.md.</summary>
internal static class ExitCode
{
    /// <summary>Everything asked for was done.</summary>
    public const int Ok = 0;

    /// <summary>It was tried, and a host, a task or the controller failed.</summary>
    public const int Failed = 1;

    /// <summary>What was asked is not right: the command line, a plan file, or a request that was refused.</summary>
    public const int BadInput = 2;

    /// <summary>The controller cannot be reached, or the embedded system cannot start.</summary>
    public const int Unreachable = 3;

    /// <summary>There is no valid token, or it does not permit the call.</summary>
    public const int NotPermitted = 4;

    /// <summary>Interrupted by Ctrl-C or SIGTERM.</summary>
    public const int Cancelled = 130;
}
