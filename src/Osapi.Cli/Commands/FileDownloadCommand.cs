using System.CommandLine;
using Osapi.Cli.Completion;
using Osapi.Cli.Connection;
using Osapi.Cli.Rendering;
using Osapi.Cli.Streams;
using Osapi.Operations.Files;
using Osapi.Operations.Json;

namespace Osapi.Cli.Commands;

/// <summary>The command <c>osapi file download</c>: writes the content of a stored file to standard output or to a file.</summary>
internal static class FileDownloadCommand
{
    private static readonly Argument<string> Name = new("name") { Description = "The name of the stored file" };
    private static readonly Option<string?> Output = new("--output", "-o") { Description = "The file to write; default: standard output", HelpName = "path" };

    /// <summary>Adds the command, whose name is also that of the downloads that hosts make.</summary>
    public static void AddTo(Command family, ConnectionOptions connection)
    {
        Name.CompletionSources.Add(LiveValues.Files);
        Command command = new("download", "Downloads the content of a stored file; with update, makes hosts download one from a web server.") { Name, Output };
        if (family.Subcommands.FirstOrDefault(known => known.Name == command.Name) is { } operations)
        {
            foreach (var operation in operations.Subcommands)
                command.Subcommands.Add(operation);
            family.Subcommands.Remove(operations);
        }

        command.Action = new CheckedAction((result, problems) =>
        {
            var settings = connection.Read(result, problems);
            var name = Text.TryParse<ObjectName>(result.GetValue(Name) ?? "");
            if (name is null)
                problems.Add($"name must be {Text.RuleOf<ObjectName>().Description}");
            return cancellationToken => RunAsync(name!, result.GetValue(Output), settings, cancellationToken);
        });
        family.Subcommands.Add(command);
    }

    private static async Task<int> RunAsync(ObjectName name, string? output, ConnectionSettings settings, CancellationToken cancellationToken)
    {
        await using var connection = await ControllerConnection.OpenAsync(settings, cancellationToken);
        await using var content = await connection.Client.File.DownloadAsync(name, cancellationToken);
        if (output is null)
        {
            await OutputLines.CopyAsync(content, cancellationToken);
            return Terminal.Output.IsReaderGone ? ExitCode.ReaderGone : ExitCode.Ok;
        }

        await DownloadedFile.WriteAsync(content, output, cancellationToken);
        return ExitCode.Ok;
    }
}
