using System.CommandLine;
using Osapi.Cli;
using Osapi.Cli.Commands;
using Osapi.Cli.Rendering;
using Osapi.Cli.Streams;
using Osapi.Client;
using Osapi.Operations;

StandardDescriptors.Reserve();
Terminal.Open();
AppDomain.CurrentDomain.UnhandledException += static (_, error) => UnexpectedError.End((Exception)error.ExceptionObject);
try
{
    // A value may begin with @, as a reference to a fact does; it does not name a response file.
    var parsed = CommandLine.Create(OperationCatalog.Default).Parse(EmptyValues.Keep(args), new ParserConfiguration { ResponseFileTokenReplacer = null });
    if (parsed.Errors.Count > 0)
    {
        Terminal.Fail([.. UsageErrors.Of(parsed), .. UsageErrors.OfValues(parsed)]);
        Terminal.Error.Line($"see {UsageErrors.Path(parsed)} --help");
        return ExitCode.BadInput;
    }

    // An interrupted command gets the time that its embedded system needs for an orderly shutdown; a service and a plan handle signals themselves.
    var isService = parsed.CommandResult.Command is ServiceCommand;
    var handlesSignals = isService || parsed.CommandResult.Command is RunningCommand;
    var code = await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = handlesSignals ? null : TimeSpan.FromSeconds(30) });
    // A service prints its address on standard output; a failure to print it is not a failure of the service.
    return isService ? code : Terminal.ExitCodeAfter(code);
}
catch (OperationCanceledException)
{
    Terminal.Fail("cancelled");
    return ExitCode.Cancelled;
}
catch (CommandException exception)
{
    Terminal.Fail(exception.Problems);
    FileProblems.Print(exception.FileProblems);
    return exception.ExitCode;
}
catch (OsapiException exception)
{
    Failures.Print(exception);
    return Failures.ExitCodeOf(exception);
}
catch (Exception exception)
{
    return UnexpectedError.Print(exception);
}
