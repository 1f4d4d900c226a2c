using System.CommandLine;
using System.CommandLine.Invocation;

namespace Osapi.Cli;

/// <summary>The action of a command, which runs only when its arguments are valid.</summary>
/// <param name="read">Parses the arguments, adds problems to the list, and returns the function to run.</param>
internal sealed class CheckedAction(Func<ParseResult, List<string>, Func<CancellationToken, Task<int>>?> read) : AsynchronousCommandLineAction
{
    /// <summary>Returns all problems of the values on the command line.</summary>
    public IReadOnlyList<string> Problems(ParseResult result)
    {
        List<string> problems = [];
        try
        {
            _ = read(result, problems);
        }
        catch (CommandException exception)
        {
            problems.AddRange(exception.Problems);
        }

        return problems;
    }

    /// <inheritdoc/>
    public override Task<int> InvokeAsync(ParseResult parseResult, CancellationToken cancellationToken = default)
    {
        List<string> problems = [];
        var run = read(parseResult, problems);
        return problems.Count > 0 ? throw CommandException.BadInput(problems) : run!(cancellationToken);
    }
}
