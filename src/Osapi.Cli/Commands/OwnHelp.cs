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
        foreach (var above in parseResult.CommandResult.Command.Parents.OfType<Command>())
            foreach (var argument in above.Arguments)
                argument.Hidden = true;
        return help.Invoke(parseResult);
    }
}
