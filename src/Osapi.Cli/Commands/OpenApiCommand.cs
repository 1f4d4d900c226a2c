using System.CommandLine;
using Osapi.Cli.Rendering;
using Osapi.Controller;
using Osapi.Controller.OpenApi;
using Osapi.Operations;

namespace Osapi.Cli.Commands;

/// <summary>The command <c>osapi openapi</c>: prints the description of the REST interface, without a server.</summary>
internal static class OpenApiCommand
{
    public static Command Create()
    {
        Command command = new("openapi", "Print the OpenAPI 3.1 description of the REST interface");
        command.SetAction(_ =>
        {
            Terminal.Raw(OpenApiDocument.Text(OperationCatalog.Default, ProductVersion.Text).TrimEnd());
            return ExitCode.Ok;
        });
        return command;
    }
}
