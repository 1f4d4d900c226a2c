using System.CommandLine;
using Osapi.Cli.Rendering.Reports;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Cli.Commands;

/// <summary>The options of <c>osapi run</c> about its output.</summary>
internal sealed class RunOutputOptions
{
    private readonly Option<bool> json = new("--json", "-j") { Description = "Print each event of the run as a line of JSON, and the report as the last line; the progress goes to standard error" };
    private readonly Option<bool> quiet = new("--quiet", "-q") { Description = "Print only the failures and the summary" };
    private readonly Option<bool> verbose = new("--verbose", "-v") { Description = "Print everything: all answers, of each host for itself, as a whole" };

    private readonly Option<string?> output = new("--output")
    {
        Description = "The tasks whose answers are printed: changed (or failed), failed, or all; default: those that changed something or failed, and those that only read",
        HelpName = Names,
    };

    private static string Names => string.Join('|', Values.Select(value => SnakeCaseName.Of(value)));

    private static AnswerFilter[] Values => [AnswerFilter.Changed, AnswerFilter.Failed, AnswerFilter.All];

    public void AddTo(Command command)
    {
        output.CompletionSources.Add(Names.Split('|'));
        foreach (var option in (Option[])[json, quiet, verbose, output])
            command.Options.Add(option);
    }

    /// <summary>Determines whether the output is for programs.</summary>
    public bool IsJson(ParseResult result) => result.GetValue(json);

    /// <summary>Reads the amount of text; values that contradict each other are added to the problems.</summary>
    public (RunVerbosity Verbosity, AnswerFilter Answers) Read(ParseResult result, List<string> problems)
    {
        var (isQuiet, isVerbose, name) = (result.GetValue(quiet), result.GetValue(verbose), result.GetValue(output));
        if (isQuiet && isVerbose)
            problems.Add("--quiet cannot be used with --verbose");
        if (isQuiet && name is not null)
            problems.Add("--quiet prints no answers and cannot be used with --output");
        var filter = name is null ? (AnswerFilter?)null : Values.Cast<AnswerFilter?>().FirstOrDefault(value => SnakeCaseName.Of(value!.Value) == name);
        if (name is not null && filter is null)
            problems.Add($"--output '{name}' must be one of {Names.Replace("|", ", ", StringComparison.Ordinal)}{Suggestions.Hint(name, Names.Split('|'))}");
        return (isQuiet ? RunVerbosity.Quiet : isVerbose ? RunVerbosity.Verbose : RunVerbosity.Normal, filter ?? (isVerbose ? AnswerFilter.All : AnswerFilter.Default));
    }
}
