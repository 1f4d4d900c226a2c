namespace Osapi.Cli;

/// <summary>The codes with which the process ends. Documented in docs/cli.md.</summary>
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

    /// <summary>The plan's deadline passed before its last task had ended.</summary>
    public const int DeadlinePassed = 6;

    /// <summary>Everything was done, but the answer could not be written: the disk is full, or standard output was closed.</summary>
    public const int OutputLost = 7;

    /// <summary>The program itself is wrong (EX_SOFTWARE in sysexits.h).</summary>
    public const int InternalError = 70;

    /// <summary>Interrupted by Ctrl-C or SIGTERM.</summary>
    public const int Cancelled = 130;

    /// <summary>Nobody reads the output of a command that only writes: what SIGPIPE does to others.</summary>
    public const int ReaderGone = 141;
}
