namespace Osapi.Cli;

/// <summary>Ends a command with messages and an exit code.</summary>
internal sealed class CommandException(int exitCode, params IReadOnlyList<string> problems) : Exception(string.Join('\n', problems))
{
    public int ExitCode => exitCode;

    /// <summary>Everything that is wrong, one by one.</summary>
    public IReadOnlyList<string> Problems => problems;

    /// <summary>Everything that is wrong with what was asked.</summary>
    public static CommandException BadInput(IEnumerable<string> problems) => new(Osapi.Cli.ExitCode.BadInput, [.. problems]);
}
