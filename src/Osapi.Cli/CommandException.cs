using Osapi.Cli.Settings;
using Osapi.Plans.Yaml;

namespace Osapi.Cli;

/// <summary>The exception that ends a command with messages and an exit code.</summary>
internal sealed class CommandException(int exitCode, params IReadOnlyList<string> problems) : Exception(string.Join('\n', problems))
{
    public int ExitCode => exitCode;

    /// <summary>The messages, one for each problem.</summary>
    public IReadOnlyList<string> Problems => problems;

    /// <summary>The problems in files, which are shown with their lines.</summary>
    public IReadOnlyList<FileProblem> FileProblems { get; private init; } = [];

    /// <summary>Creates the exception for invalid input with all its problems.</summary>
    public static CommandException BadInput(IEnumerable<string> problems, params IReadOnlyList<FileProblem> fileProblems)
    {
        var located = problems.Select(problem => (Text: problem, Place: ConfigurationFile.Locate(problem))).ToList();
        return new(Osapi.Cli.ExitCode.BadInput, [.. located.Where(problem => problem.Place is null).Select(problem => problem.Text)])
        {
            FileProblems = [.. located.Select(problem => problem.Place).OfType<FileProblem>().OrderBy(problem => problem.Line).ThenBy(problem => problem.Column), .. fileProblems],
        };
    }
}
