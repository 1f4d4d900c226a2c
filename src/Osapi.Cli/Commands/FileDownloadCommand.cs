using System.CommandLine;
using Osapi.Cli.Completion;
using Osapi.Cli.Connection;
using Osapi.Cli.Rendering;
using Osapi.Operations.Files;
using Osapi.Operations.Json;

namespace Osapi.Cli.Commands;

/// <summary>The command <c>osapi file download</c>: writes the content of a stored file to standard output or to a file.</summary>
internal static class FileDownloadCommand
{
    private static readonly Argument<string> Name = new("name") { Description = "The name of the stored file" };
    private static readonly Option<string?> Output = new("--output", "-o") { Description = "The file to write; default: standard output", HelpName = "path" };

    public static Command Create(ConnectionOptions connection)
    {
        Name.CompletionSources.Add(LiveValues.Files);
        Command command = new("download", "Downloads the content of a stored file.") { Name, Output };
        command.Action = new CheckedAction((result, problems) =>
        {
            var settings = connection.Read(result, problems);
            var name = Text.TryParse<ObjectName>(result.GetValue(Name) ?? "");
            if (name is null)
                problems.Add($"name must be {Text.RuleOf<ObjectName>().Description}");
            return cancellationToken => RunAsync(name!, result.GetValue(Output), settings, cancellationToken);
        });
        return command;
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

        try
        {
            await WriteAsync(content, Path.GetFullPath(output), cancellationToken);
            return ExitCode.Ok;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Failed, $"{output} cannot be written: {exception.Message}");
        }
    }

    // Written to a temporary file that then replaces the target, so that an interrupted download keeps the previous content.
    private static async Task WriteAsync(Stream content, string path, CancellationToken cancellationToken)
    {
        var part = $"{path}.{Guid.NewGuid():N}.part";
        try
        {
            await using (FileStream file = new(part, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
                await content.CopyToAsync(file, cancellationToken);
            File.Move(part, path, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }
}
