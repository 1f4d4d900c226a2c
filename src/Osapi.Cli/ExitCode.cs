namespace Osapi.Cli;

/// <summary>The exit codes of the process. Documented in docs/cli.md.</summary>
internal static class ExitCode
{
    /// <summary>The command succeeded.</summary>
    public const int Ok = 0;

    /// <summary>The request was executed, and a host, a task or the controller failed.</summary>
    public const int Failed = 1;

    /// <summary>The input is invalid: the command line, a plan file, or a request that was rejected.</summary>
    public const int BadInput = 2;

    /// <summary>The controller cannot be reached, or the embedded system cannot start.</summary>
    public const int Unreachable = 3;

    /// <summary>There is no valid token, it does not permit the call, or the agent of the only host denies it.</summary>
    public const int NotPermitted = 4;

    /// <summary>A check with <c>--exit-code</c> found that something would change, or that this cannot be predicted.</summary>
    public const int WouldChange = 5;

    /// <summary>The plan's deadline passed before its last task had ended.</summary>
    public const int DeadlinePassed = 6;

    /// <summary>The command succeeded, but its output could not be written: the disk is full, or standard output was closed.</summary>
    public const int OutputLost = 7;

    /// <summary>An internal error of the program (EX_SOFTWARE in sysexits.h).</summary>
    public const int InternalError = 70;

    /// <summary>Interrupted by Ctrl-C or SIGTERM.</summary>
    public const int Cancelled = 130;

    /// <summary>The reader of the output is gone; the same code as after SIGPIPE.</summary>
    public const int ReaderGone = 141;

    /// <summary>Returns the meaning of an exit code of <c>osapi run</c>.</summary>
    public static string MeaningOf(int exitCode) => exitCode switch
    {
        Ok => "everything was done",
        Failed => "a task failed",
        BadInput => "the plan is not valid",
        Unreachable => "the controller cannot be reached",
        NotPermitted => "the token does not permit it",
        WouldChange => "something would change",
        DeadlinePassed => "the deadline passed",
        Cancelled => "interrupted",
        _ => "an error",
    };
}
