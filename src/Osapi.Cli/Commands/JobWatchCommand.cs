using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Osapi.Cli.Connection;
using Osapi.Cli.Rendering;
using Osapi.Operations.Jobs;
using Text = Osapi.Operations.Json.Text;

namespace Osapi.Cli.Commands;

/// <summary><c>osapi job watch</c>: follows a job to its end, or all jobs.</summary>
internal static class JobWatchCommand
{
    private static readonly Argument<string?> Id = new("id") { Arity = ArgumentArity.ZeroOrOne, Description = "The job; all jobs from now on when not given" };
    private static readonly Option<string?> After = new("--after") { Description = "Only what happened after this: the sequence of an event, as --json prints it", HelpName = "sequence" };
    private static readonly Option<bool> Json = new("--json", "-j") { Description = "Print each event as a line of JSON" };

    public static Command Create(ConnectionOptions connection)
    {
        Command command = new("watch", "Follows a job until it is over; the exit code says whether it completed. Follows all jobs when none is given, until interrupted.") { Id, After, Json };
        command.Action = new CheckedAction((result, problems) =>
        {
            var choice = connection.Read(result, problems);
            var id = ReadId(result.GetValue(Id), problems);
            var after = ReadAfter(result.GetValue(After), problems);
            return cancellationToken => RunAsync(id, after, result.GetValue(Json), choice, cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(JobId? id, long? after, bool json, ConnectionSettings choice, CancellationToken cancellationToken)
    {
        await using var connection = await ControllerConnection.OpenAsync(choice, cancellationToken);
        var jobs = connection.Client.Job;
        JobUpdate? last = null;
        await foreach (var update in id is null ? jobs.WatchAllAsync(after, cancellationToken) : jobs.WatchAsync(id, after, cancellationToken))
        {
            last = update;
            if (json)
                Terminal.Exact(JsonSerializer.Serialize(update, JobOperations.UpdateInfo));
            else
                Print(update, withJob: id is null);
            // Without a reader there is nobody to follow the jobs for.
            if (Terminal.Output.HasFailed)
                return Terminal.Output.HasFailed ? ExitCode.ReaderGone : ExitCode.OutputLost;
        }

        // Whoever has seen it all before is not told again, and wants to know how it ended.
        var status = last is null ? (await jobs.GetAsync(id!, cancellationToken: cancellationToken)).Status : last.Status;
        if (status is { } word && !json)
            Terminal.Out.Styled($"job [bold]{id}[/]  [{JobStatusStyle.Of(word)}]{JobStatusStyle.Word(word)}[/]");
        return status == JobStatus.Completed ? ExitCode.Ok : ExitCode.Failed;
    }

    private static void Print(JobUpdate update, bool withJob) => Terminal.Out.Styled(
        $"[grey]{JobViews.Time(update.Timestamp)}{(withJob ? $"  {update.JobId}" : "")}[/]  [{Style(update.Event)}]{update.Event,-9}[/]  {update.Message}{(update.Error is null ? "" : $": {update.Error}")}");

    private static string Style(string what) => what switch
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
        if (Text.TryParse<JobId>(text) is { } id)
            return id;
        problems.Add($"id must be {JobId.Rule.Description}");
        return null;
    }

    private static long? ReadAfter(string? text, List<string> problems)
    {
        if (text is null)
            return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var after))
            return after;
        problems.Add("--after must be a whole number");
        return null;
    }
}
