using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Runs;
using Osapi.Plans.Reports;

namespace Osapi.Cli.RunReports;

/// <summary>Reads what a controller keeps of a run.</summary>
internal static class PastRun
{
    private const int MaxConcurrent = 8;

    /// <summary>Reads the journal.</summary>
    public static async Task<RecordedCells> CellsAsync(OsapiClient client, RunId id, CancellationToken cancellationToken)
    {
        RecordedCells cells = new();
        for (long? after = 0; after is not null;)
        {
            var page = await client.Run.JournalAsync(new() { Id = id, After = after, Limit = 1000 }, cancellationToken: cancellationToken);
            foreach (var batch in page.Items)
                cells.Apply(batch);
            after = page.NextAfter;
        }

        return cells;
    }

    /// <summary>Reads the results of the jobs, and makes the report. What is not kept any more, or not for this caller, is noted in it.</summary>
    public static async Task<RunReport> ReportAsync(OsapiClient client, RunDetail run, RecordedCells cells, CancellationToken cancellationToken)
    {
        RecordedAnswers answers = new();
        foreach (var ids in cells.Jobs.Chunk(MaxConcurrent))
            await Task.WhenAll(ids.Select(id => AddAsync(id)));
        return PastRunReport.Of(run, cells, answers, ExitCodeOf(run.Status));

        async Task AddAsync(JobId id)
        {
            try
            {
                var job = await client.Job.GetAsync(id, cancellationToken: cancellationToken);
                lock (answers)
                    answers.Add(job);
            }
            catch (ApiException exception) when (exception is NotFoundException or AuthException { StatusCode: 403 })
            {
                lock (answers)
                    if (exception is NotFoundException)
                        answers.AddRemoved();
                    else
                        answers.AddForbidden();
            }
        }
    }

    // That of the command which ran it.
    private static int? ExitCodeOf(RunStatus status) => status switch
    {
        RunStatus.Succeeded => ExitCode.Ok,
        RunStatus.Failed => ExitCode.Failed,
        RunStatus.Cancelled => ExitCode.Cancelled,
        RunStatus.TimedOut => ExitCode.DeadlinePassed,
        _ => null,
    };
}
