using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Osapi.Transport;

namespace Osapi.Controller.Jobs.ReadModel;

/// <summary>
/// The health of the read model, with the cause when it cannot follow the log: a full or failing disk, or a process
/// that locks the file.
/// </summary>
/// <remarks>The read model is a copy, so nothing is lost; but new jobs could not be queried, and so are not accepted.</remarks>
internal sealed partial class JobIndexHealth(ILogger<JobIndexHealth> logger)
{
    private const int Corrupt = 11;
    private const int NotADatabase = 26;
    private const int Moved = 1032;

    private volatile string? reason;
    private volatile TaskCompletionSource<string> problem = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The problem; null when the read model is healthy.</summary>
    public string? Reason => reason;

    /// <summary>The task that completes with the reason when a problem occurs.</summary>
    public Task<string> ProblemDetected => problem.Task;

    /// <summary>True when the file is to be renamed: it is damaged, or was moved.</summary>
    public static bool IsDamage(SqliteException failure) => failure.SqliteErrorCode is Corrupt or NotADatabase || failure.SqliteExtendedErrorCode == Moved;

    /// <summary>Describes a failure of the file for an error message.</summary>
    public static string Describe(SqliteException failure) => $"the read model cannot be used: {DescribeCode(failure)}";

    /// <exception cref="TransportException">The read model has a problem.</exception>
    public void Refuse()
    {
        if (reason is { } failure)
            throw new TransportException(failure);
    }

    /// <summary>Waits for a result that depends on the read model.</summary>
    /// <exception cref="TransportException">The read model has a problem; the job that was begun continues anyway.</exception>
    public async Task<T> WaitAsync<T>(Task<T> task, string jobId)
    {
        var failure = ProblemDetected;
        if (await Task.WhenAny(task, failure) == task)
            return await task;
        throw new TransportException($"job {jobId} may have been accepted, ask for it again: {await failure}");
    }

    public void ReportProblem(string failure)
    {
        if (reason is null)
            LogBegun(failure);
        reason = failure;
        problem.TrySetResult(failure);
    }

    public void ReportRecovery()
    {
        if (reason is null)
            return;
        reason = null;
        problem = new(TaskCreationOptions.RunContinuationsAsynchronously);
        LogEnded();
    }

    private static string DescribeCode(SqliteException failure)
    {
        // SQLite Error 13: 'database or disk is full'.
        var parts = failure.Message.Split('\'');
        return parts.Length > 2 ? string.Join('\'', parts[1..^1]) : failure.Message;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "No job is accepted until the log can be followed again, which is tried every second: {Reason}")]
    private partial void LogBegun(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The read model follows the log again")]
    private partial void LogEnded();
}
