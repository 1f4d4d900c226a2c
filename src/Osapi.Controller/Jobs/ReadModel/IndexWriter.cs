using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Osapi.Controller.Jobs.ReadModel;

/// <summary>The follower's access to the read model: a step that fails is repeated until it succeeds, and a damaged file is rebuilt.</summary>
internal sealed partial class IndexWriter(JobIndex index, JobIndexHealth health, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private long rebuiltAt;

    /// <summary>True while the read model is rebuilt from the log, and answers nothing.</summary>
    public bool IsRebuilding { get; private set; }

    /// <summary>Performs a step, repeatedly, because no message of the log may be skipped.</summary>
    /// <param name="step">Only reads the file, and checks before it changes anything in memory; or is one commit.</param>
    /// <param name="cancellationToken">Ends the repetition.</param>
    public ValueTask RunAsync(Action step, CancellationToken cancellationToken) => TryRun(step) ? ValueTask.CompletedTask : new(RepeatAsync(step, cancellationToken));

    /// <summary>Makes a commit, repeatedly; only a commit shows that the file can be written again.</summary>
    public async Task CommitAsync(Action commit, CancellationToken cancellationToken)
    {
        await RunAsync(commit, cancellationToken);
        if (!IsRebuilding)
            health.ReportRecovery();
    }

    /// <summary>Replaces a damaged file with an empty one.</summary>
    public async Task RenewAsync(SqliteException damage, CancellationToken cancellationToken)
    {
        IsRebuilding = true;
        health.ReportProblem($"{JobIndexHealth.Describe(damage)}; it is rebuilt from the log");
        await RunAsync(() => LogRenewed(index.Renew(), JobIndexHealth.Describe(damage)), cancellationToken);
    }

    /// <summary>Sets the sequence at which the read model is rebuilt.</summary>
    public void RebuildUpTo(long sequence) => rebuiltAt = sequence;

    /// <summary>Records that the log was applied up to a sequence.</summary>
    public void Reach(long sequence)
    {
        if (!IsRebuilding || sequence < rebuiltAt)
            return;
        IsRebuilding = false;
        health.ReportRecovery();
    }

    private async Task RepeatAsync(Action step, CancellationToken cancellationToken)
    {
        do
            await Task.Delay(RetryDelay, time, cancellationToken);
        while (!TryRun(step));
    }

    private bool TryRun(Action step)
    {
        try
        {
            step();
            return true;
        }
        catch (SqliteException exception) when (!JobIndexHealth.IsDamage(exception))
        {
            health.ReportProblem(JobIndexHealth.Describe(exception));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            health.ReportProblem($"the read model cannot be created: {exception.Message}");
        }

        return false;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The damaged read model was moved to {Path}; it is rebuilt from the log: {Reason}")]
    private partial void LogRenewed(string path, string reason);
}
