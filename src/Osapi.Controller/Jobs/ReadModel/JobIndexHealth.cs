using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Osapi.Transport;

namespace Osapi.Controller.Jobs.ReadModel;

/// <summary>
/// The health of the read model: a full or failing disk, or a process that locks the file, keeps it from following the log. It is a copy, so nothing is lost;
/// but new jobs could not be answered, and so are not accepted.
/// </summary>
internal sealed partial class JobIndexHealth(ILogger<JobIndexHealth> logger) : IDisposable
{
    private const int Corrupt = 11;
    private const int NotADatabase = 26;
    private const int Moved = 1032;

    private volatile string? reason;
    private volatile TaskCompletionSource<string> begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile CancellationTokenSource problem = new();

    /// <summary>The problem; null when the read model works.</summary>
    public string? Reason => reason;

    /// <summary>The task that completes with the reason when there is a problem.</summary>
    public Task<string> ProblemDetected => begun.Task;

    /// <summary>The token that is cancelled when there is a problem; for waits that are many, each of which costs little.</summary>
    public CancellationToken ProblemToken => problem.Token;

    /// <summary>True when the file must be renamed, because it is damaged or was moved.</summary>
    public static bool IsDamage(SqliteException failure) => failure.SqliteErrorCode is Corrupt or NotADatabase || failure.SqliteExtendedErrorCode == Moved;

    /// <summary>Describes a failure of the file.</summary>
    public static string Describe(SqliteException failure) => $"the read model cannot be used: {DescribeCode(failure)}";

    /// <exception cref="TransportException">The read model has a problem.</exception>
    public void Refuse()
    {
        if (reason is { } known)
            throw new TransportException(known);
    }

    /// <summary>Waits for a task that the follower of the log completes.</summary>
    /// <exception cref="TransportException">The read model has a problem, or is too far behind; the job continues.</exception>
    public async ValueTask<T> WaitAsync<T>(Task<T> task)
    {
        if (task.IsCompleted)
            return await task;
        var detected = ProblemToken;
        try
        {
            return await WaitBudget.WaitAsync(task, "this controller has not read the job in the log yet", detected);
        }
        catch (OperationCanceledException) when (detected.IsCancellationRequested && !task.IsCompleted)
        {
            throw new TransportException(reason ?? "the read model had a problem");
        }
    }

    public void ReportProblem(string description)
    {
        if (reason is null)
            LogBegun(description);
        reason = description;
        begun.TrySetResult(description);
        // Not on this thread, which follows the log.
        _ = problem.CancelAsync();
    }

    public void ReportRecovery()
    {
        if (reason is null)
            return;
        reason = null;
        begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        problem = new();
        LogEnded();
    }

    public void Dispose() => problem.Dispose();

    private static string DescribeCode(SqliteException failure)
    {
        // SQLite Error 13: 'database or disk is full'.
        var parts = failure.Message.Split('\'');
        return parts.Length > 2 ? string.Join('\'', parts[1..^1]) : failure.Message;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "No job is accepted until the log can be followed again; retrying every second: {Reason}")]
    private partial void LogBegun(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The read model follows the log again")]
    private partial void LogEnded();
}
