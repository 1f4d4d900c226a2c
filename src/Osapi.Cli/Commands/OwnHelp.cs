using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Osapi.Cli.Commands;

/// <summary>Prints the help of a command without the arguments of the commands above it, which it does not have: <c>osapi run PLAN</c> has commands beside its plan.</summary>
internal sealed class OwnHelp(HelpAction help) : SynchronousCommandLineAction
{
    /// <summary>The help that is printed.</summary>
    public HelpAction Help => help;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        // For this output only: the commands share their arguments with others of this process.
        List<Argument> above = [.. parseResult.CommandResult.Command.Parents.OfType<Command>().SelectMany(command => command.Arguments).Where(argument => !argument.Hidden)];
        try
        {
            above.ForEach(argument => argument.Hidden = true);
            return help.Invoke(parseResult);
        }
        finally
        {
            above.ForEach(argument => argument.Hidden = false);
        }
    }
}
