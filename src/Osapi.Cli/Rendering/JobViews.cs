using System.Globalization;
using System.Text.Json;
using Osapi.Operations;
using Osapi.Operations.Jobs;

namespace Osapi.Cli.Rendering;

/// <summary>Prints jobs for people.</summary>
internal static class JobViews
{
    /// <summary>Prints the reply to a job operation. Returns false when it does not know the operation.</summary>
    public static bool TryPrint(Operation operation, object request, JsonElement document)
    {
        switch (operation)
        {
            case ControllerOperation<GetJob, JobDetail> get:
                Print(document.Deserialize(get.Result)!);
                return true;
            case ControllerOperation<CancelJob, JobDetail> cancel:
                var cancelled = document.Deserialize(cancel.Result)!;
                Print(cancelled);
                if (cancelled.Cancelled == false)
                    Terminal.Out.Line("the job had already ended; nothing was cancelled");
                return true;
            case ControllerOperation<RetryJob, JobCreated> retry:
                var created = document.Deserialize(retry.Result)!;
                Terminal.Out.Styled($"job [bold]{created.JobId}[/] retries {created.RetryOf}");
                return true;
            case ControllerOperation<DeleteJob, NoContent>:
                Terminal.Out.Styled($"job [bold]{((DeleteJob)request).Id}[/] is deleted");
                return true;
            default:
                return false;
        }
    }

    /// <summary>Formats a time in the local time zone.</summary>
    public static string Time(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Returns the text of a job's operation.</summary>
    public static string OperationText(string operation, bool? check) => check == true ? $"{operation} (check)" : operation;

    private static void Print(JobDetail job)
    {
        Terminal.Out.Styled($"job [bold]{job.Id}[/]  [{JobStatusStyle.Of(job.Status)}]{JobStatusStyle.Text(job.Status)}[/]");
        PrintLine("operation", OperationText(job.Operation.Type, job.Check));
        PrintLine("target", job.Hosts is { } hosts ? string.Join(", ", hosts) : job.Target);
        PrintLine("caller", job.Caller);
        PrintLine("retries", job.RetryOf?.ToString());
        PrintLine("retried by", job.Retries.Count == 0 ? null : string.Join(", ", job.Retries));
        if (job.Operation.Data is { ValueKind: JsonValueKind.Object } request && request.EnumerateObject().Any())
        {
            Terminal.Out.Styled($"  [grey]request[/]");
            JsonTree.Print(request, indent: 4, TreeOptions.Whole);
        }

        Terminal.Out.Line();
        foreach (var entry in job.Timeline)
            Terminal.Out.Styled($"  [grey]{Time(entry.Timestamp)}[/]  {entry.Message}");
        Terminal.Out.Line();
        var options = TreeOptions.Whole with { Contract = OperationCatalog.Default.TryFind(job.Operation.Type, out var operation) ? operation.ResultInfo : null };
        foreach (var response in job.Responses.Values)
            HostReplies.Print(response.Hostname, response.ToHostReply(), indent: 0, options);
    }

    private static void PrintLine(string name, string? text)
    {
        if (text is not null)
            Terminal.Out.Styled($"  [grey]{name,-10}[/]  {text}");
    }
}
