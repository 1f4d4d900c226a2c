using System.CommandLine;
using System.Globalization;
using Osapi.Cli.Connection;
using Osapi.Cli.Rendering;
using Osapi.Cli.Streams;

namespace Osapi.Cli.Commands;

/// <summary>The command <c>osapi audit export</c>: writes all entries as JSON lines to standard output or to a file.</summary>
internal static class AuditExportCommand
{
    private static readonly Option<string?> Since = new("--since") { Description = "Only entries of this time or later (RFC 3339)", HelpName = "time" };
    private static readonly Option<string?> Until = new("--until") { Description = "Only entries before this time (RFC 3339)", HelpName = "time" };
    private static readonly Option<string?> Output = new("--output", "-o") { Description = "The file to write; default: standard output", HelpName = "path" };

    public static Command Create(ConnectionOptions connection)
    {
        Command command = new("export", "Exports the audit log of all controllers as JSON lines, one entry a line, in order within each chain.") { Since, Until, Output };
        command.Action = new CheckedAction((result, problems) =>
        {
            var settings = connection.Read(result, problems);
            var (since, until) = (ReadTime(result.GetValue(Since), "--since", problems), ReadTime(result.GetValue(Until), "--until", problems));
            return cancellationToken => RunAsync(since, until, result.GetValue(Output), settings, cancellationToken);
        });
        return command;
    }

    private static DateTimeOffset? ReadTime(string? text, string name, List<string> problems)
    {
        if (text is null)
            return null;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            return time;
        problems.Add($"{name} '{text}' is not a time: expected one such as 2026-11-30T17:00:00Z");
        return null;
    }

    private static async Task<int> RunAsync(DateTimeOffset? since, DateTimeOffset? until, string? output, ConnectionSettings settings, CancellationToken cancellationToken)
    {
        await using var connection = await ControllerConnection.OpenAsync(settings, cancellationToken);
        await using var content = await connection.Client.Audit.OpenExportAsync(since, until, cancellationToken);
        if (output is null)
        {
            await OutputLines.CopyAsync(content, cancellationToken);
            return Terminal.Output.IsReaderGone ? ExitCode.ReaderGone : ExitCode.Ok;
        }

        await DownloadedFile.WriteAsync(content, output, cancellationToken);
        return ExitCode.Ok;
    }
}
