using System.CommandLine;
using Osapi.Cli.Completion;
using Osapi.Cli.Connection;
using Osapi.Cli.Rendering;
using Osapi.Operations;
using Osapi.Operations.Jobs;
using Osapi.Operations.Json;

namespace Osapi.Cli.Commands;

/// <summary>The command <c>osapi job output</c>: prints what a job wrote on one host.</summary>
internal static class JobOutputCommand
{
    private static readonly Argument<string> Id = new("id") { Description = "The id of the job" };
    private static readonly Option<string?> Host = new("--host") { Description = "The host; default: the job's only host", HelpName = "name" };
    private static readonly Option<string?> Stream = new("--stream") { Description = "The output stream: stdout or stderr; default: stdout", HelpName = "stream" };
    private static readonly Option<bool> Follow = new("--follow", "-f") { Description = "Go on until the job has ended on the host" };

    public static Command Create(ConnectionOptions connection)
    {
        Id.CompletionSources.Add(LiveValues.Jobs);
        Host.CompletionSources.Add(LiveValues.Hosts);
        Stream.CompletionSources.Add("stdout", "stderr");
        Command command = new("output", "Prints the output of a job on one host: byte for byte into a pipe or file, with control characters escaped on a terminal.") { Id, Host, Stream, Follow };
        command.Action = new CheckedAction((result, problems) =>
        {
            var settings = connection.Read(result, problems);
            if (!JobId.TryParse(result.GetValue(Id), out var id))
                problems.Add($"id must be {JobIdConverter.JobIdRule.Description}");
            var stream = SnakeCaseName.Parse<OutputStream>(result.GetValue(Stream) ?? "stdout");
            if (stream is null)
                problems.Add("--stream must be stdout or stderr");
            return cancellationToken => RunAsync(id, result.GetValue(Host), stream!.Value, result.GetValue(Follow), settings, cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(JobId id, string? host, OutputStream stream, bool follow, ConnectionSettings settings, CancellationToken cancellationToken)
    {
        await using var connection = await ControllerConnection.OpenAsync(settings, cancellationToken);
        await using var content = await connection.Client.Job.OpenOutputAsync(id, host, stream, follow, cancellationToken);
        if (Console.IsOutputRedirected)
            await OutputLines.CopyAsync(content, cancellationToken);
        else
            await OutputLines.PrintAsync(content, prefix: "", cancellationToken);
        return Terminal.Output.IsReaderGone ? ExitCode.ReaderGone : ExitCode.Ok;
    }
}
