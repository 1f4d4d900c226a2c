using System.CommandLine;
using Osapi.Cli.Connection;
using Osapi.Cli.Rendering;
using Osapi.Operations.Files;
using Osapi.Operations.Json;

namespace Osapi.Cli.Commands;

/// <summary><c>osapi file download</c>: the content of a stored file, to standard output or into a file.</summary>
internal static class FileDownloadCommand
{
    private static readonly Argument<string> Name = new("name") { Description = "The file's name" };
    private static readonly Option<string?> Output = new("--output", "-o") { Description = "The file to write; standard output when not given", HelpName = "path" };

    public static Command Create(ConnectionOptions connection)
    {
        Command command = new("download", "Reads the content of a stored file.") { Name, Output };
        command.Action = new CheckedAction((result, problems) =>
        {
            var choice = connection.Read(result, problems);
            var name = Text.TryParse<ObjectName>(result.GetValue(Name) ?? "");
            if (name is null)
                problems.Add($"name must be {ObjectName.Rule.Description}");
            return cancellationToken => RunAsync(name!, result.GetValue(Output), choice, cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(ObjectName name, string? output, ConnectionSettings choice, CancellationToken cancellationToken)
    {
        await using var connection = await ControllerConnection.OpenAsync(choice, cancellationToken);
        await using var content = await connection.Client.File.DownloadAsync(name, cancellationToken);
        if (output is null)
        {
            var buffer = new byte[81_920];
            while (!Terminal.Output.HasFailed && await content.ReadAsync(buffer, cancellationToken) is > 0 and var length)
                Terminal.Output.Write(buffer.AsSpan(0, length));
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

    // Beside the file and then over it, so that a download that breaks off leaves what was there.
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
