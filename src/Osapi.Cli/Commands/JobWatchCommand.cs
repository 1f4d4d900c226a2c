using System.CommandLine;
using System.Text.Json;
using Osapi.Cli.Completion;
using Osapi.Cli.Connection;
using Osapi.Cli.Rendering;
using Osapi.Operations;
using Osapi.Operations.Jobs;
using Osapi.Operations.Json;

namespace Osapi.Cli.Commands;

/// <summary>The command <c>osapi job watch</c>: follows a job until it has ended, or all jobs.</summary>
internal static class JobWatchCommand
{
    private static readonly Argument<string?> Id = new("id") { Arity = ArgumentArity.ZeroOrOne, Description = "The id of the job; default: all jobs from now on" };
    private static readonly Option<string?> After = AfterOption.Create("Only events after this one: the sequence of an event, as --json prints it", "sequence");
    private static readonly Option<bool> Json = new("--json", "-j") { Description = "Print each event as a line of JSON" };

    public static Command Create(ConnectionOptions connection)
    {
        Id.CompletionSources.Add(LiveValues.Jobs);
        Command command = new("watch", "Follows a job until it has ended; the exit code is 0 when it completed. Without an id, follows all jobs until interrupted.") { Id, After, Json };
        command.Action = new CheckedAction((result, problems) =>
        {
            var settings = connection.Read(result, problems);
            var id = ReadId(result.GetValue(Id), problems);
            var after = AfterOption.Read(result.GetValue(After), problems);
            return cancellationToken => RunAsync(id, after, result.GetValue(Json), settings, cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(JobId? id, long? after, bool json, ConnectionSettings settings, CancellationToken cancellationToken)
    {
        await using var connection = await ControllerConnection.OpenAsync(settings, cancellationToken);
        var jobs = connection.Client.Job;
        JobUpdate? last = null;
        await foreach (var update in id is { } one ? jobs.WatchAsync(one, after, cancellationToken) : jobs.WatchAllAsync(after, cancellationToken))
        {
            last = update;
            if (json)
                Terminal.Raw(JsonSerializer.Serialize(update, JobOperations.UpdateInfo));
            else
                Print(update, withJob: id is null);
            // Without a reader there is no reason to continue.
            if (Terminal.Output.HasFailed)
                return Terminal.Output.IsReaderGone ? ExitCode.ReaderGone : ExitCode.OutputLost;
        }

        // When there were no new events, they are not repeated, but the final status is still shown.
        var status = last is null ? (await jobs.GetAsync(id!.Value, cancellationToken: cancellationToken)).Status : last.Status;
        if (status is { } value && !json)
            Terminal.Out.Styled($"job [bold]{id}[/]  [{JobStatusStyle.Of(value)}]{JobStatusStyle.Text(value)}[/]");
        return status == JobStatus.Completed ? ExitCode.Ok : ExitCode.Failed;
    }

    private static void Print(JobUpdate update, bool withJob) => Terminal.Out.Styled(
        $"[grey]{JobViews.Time(update.Timestamp)}{(withJob ? $"  {update.JobId}" : "")}[/]  [{Style(update.Event)}]{update.Event,-9}[/]  {update.Message}{(update.Error is null ? "" : $": {update.Error}")}");

    private static string Style(string eventName) => eventName switch
    {
        "submitted" or "started" => "blue",
        "completed" => "green",
        "skipped" or "cancelled" or "deleted" => "grey",
        _ => "red",
    };

    private static JobId? ReadId(string? text, List<string> problems)
    {
        if (text is null)
            return null;
        if (JobId.TryParse(text, out var id))
            return id;
        problems.Add($"id must be {JobIdConverter.JobIdRule.Description}");
        return null;
    }
}
