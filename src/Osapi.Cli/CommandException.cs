namespace Osapi.Cli;

/// <summary>Ends a command with a message and an exit code.</summary>
internal sealed class CommandException(int exitCode, string message) : Exception(message)
{
    public int ExitCode => exitCode;

    /// <summary>Everything that is wrong with what was asked, a line each.</summary>
    public static CommandException BadInput(IEnumerable<string> problems) => new(Osapi.Cli.ExitCode.BadInput, string.Join('\n', problems));
}
