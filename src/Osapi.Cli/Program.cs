using System.CommandLine;
using Osapi.Cli;
using Osapi.Cli.Rendering;
using Osapi.Client;
using Osapi.Operations;
using Spectre.Console;

// A value may begin with @, as a reference to a fact does; it names no file of further arguments.
var parsed = CommandLine.Create(OperationCatalog.Default).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
if (parsed.Errors.Count > 0)
{
    Terminal.Fail(string.Join('\n', UsageErrors.Of(parsed)));
    Terminal.Error.WriteLine($"see {UsageErrors.Path(parsed)} --help");
    return ExitCode.BadInput;
}

// Help and version need none of it.
if (parsed.Action is not System.CommandLine.Help.HelpAction && parsed.CommandResult.Command.Name != "version" && CryptoLibrary.Missing() is { } missing)
{
    Terminal.Fail(missing);
    return ExitCode.Failed;
}

try
{
    // A stopping command is given the time that the system it started needs to stop in order; what runs as a service hears signals itself.
    TimeSpan? patience = parsed.CommandResult.Command.Name == "start" ? null : TimeSpan.FromSeconds(30);
    return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = patience });
}
catch (OperationCanceledException)
{
    Terminal.Fail("cancelled");
    return ExitCode.Cancelled;
}
catch (CommandException exception)
{
    Terminal.Fail(exception.Message);
    return exception.ExitCode;
}
catch (OsapiException exception)
{
    Failures.Print(exception);
    return Failures.ExitCodeOf(exception);
}
