using System.CommandLine;
using System.CommandLine.Invocation;

namespace Osapi.Cli;

/// <summary>What a command does, once nothing is wrong with its line.</summary>
/// <param name="read">Reads the line, adds what is wrong with it to the list, and gives what is to be done.</param>
internal sealed class CheckedAction(Func<ParseResult, List<string>, Func<CancellationToken, Task<int>>?> read) : AsynchronousCommandLineAction
{
    /// <summary>Gets everything that is wrong with the values on the line.</summary>
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
