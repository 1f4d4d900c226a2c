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
            case ControllerOperation<ListJobs, JobList> list:
                Print(document.Deserialize(list.Result)!);
                return true;
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

    private static void Print(JobList list)
    {
        List<string[]> rows = [["ID", "STATUS", "OPERATION", "TARGET", "CALLER", "CREATED"]];
        rows.AddRange(list.Items.Select(job => (string[])[.. Cells(job).Select(cell => ControlCharacters.Escape(cell))]));
        if (list.Items.Count > 0)
            PrintTable(rows, list.Items);
        Terminal.Out.Line(list.Items.Count == 0 ? "no jobs"
            : string.Create(CultureInfo.InvariantCulture, $"{list.Items.Count} of {list.TotalItems} {(list.TotalItems == 1 ? "job" : "jobs")}{(list.NextCursor is { } cursor ? $"; next page: --cursor {cursor}" : "")}"));
    }

    private static string[] Cells(JobSummary job) =>
        [job.Id.ToString(), JobStatusStyle.Text(job.Status), OperationText(job.Operation.Type, job.Check), job.Target, job.Caller ?? "", Time(job.Created)];

    private static void PrintTable(List<string[]> rows, IReadOnlyList<JobSummary> jobs)
    {
        var widths = rows[0].Select((_, column) => rows.Max(row => row[column].Length)).ToList();
        for (var i = 0; i < rows.Count; i++)
        {
            var cells = rows[i].Select((cell, column) => column == rows[0].Length - 1 ? cell : cell.PadRight(widths[column])).ToList();
            var (before, status, after) = (cells[0], cells[1], string.Join("  ", cells.Skip(2)));
            if (i == 0)
                Terminal.Out.Styled($"[grey]{before}  {status}  {after}[/]");
            else
                Terminal.Out.Styled($"{before}  [{JobStatusStyle.Of(jobs[i - 1].Status)}]{status}[/]  {after}");
        }
    }

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

    private static string OperationText(string operation, bool? check) => check == true ? $"{operation} (check)" : operation;

    private static void PrintLine(string name, string? text)
    {
        if (text is not null)
            Terminal.Out.Styled($"  [grey]{name,-10}[/]  {text}");
    }
}
