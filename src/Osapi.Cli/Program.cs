using System.CommandLine;
using Osapi.Cli;
using Osapi.Cli.Commands;
using Osapi.Cli.Connection;
using Osapi.Cli.Operations;
using Osapi.Cli.Rendering;
using Osapi.Client;
using Osapi.Controller;
using Osapi.Operations;

ConnectionOptions connection = new();
RootCommand root = new("Manages Linux hosts: plans, operations, and the system that runs them.");
connection.AddTo(root);
root.Subcommands.Add(RunCommand.Create(connection));
root.Subcommands.Add(StartCommand.Create(connection));
root.Subcommands.Add(TokenCommands.Create(connection));
root.Subcommands.Add(OperationsCommand.Create());
root.Subcommands.Add(OpenApiCommand.Create());
Command version = new("version", "Print the version");
version.SetAction(_ =>
{
    Terminal.Line($"osapi {ProductVersion.Text}");
    return ExitCode.Ok;
});
root.Subcommands.Add(version);
OperationCommands.AddTo(root, OperationCatalog.Default, connection);

// A value may begin with @, as a reference to a fact does; it names no file of further arguments.
var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
if (parsed.Errors.Count > 0)
{
    Terminal.Fail(string.Join('\n', parsed.Errors.Select(error => error.Message)));
    return ExitCode.BadInput;
}

try
{
    // A stopping command is given the time that the system it started needs to stop in order.
    return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
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
