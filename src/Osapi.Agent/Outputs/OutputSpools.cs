using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Osapi.Agent.Hosts.Files;
using Osapi.Operations;
using Osapi.Operations.Jobs;
using Osapi.Transport;
using Osapi.Transport.Jobs.Outputs;

namespace Osapi.Agent.Outputs;

/// <summary>The output of this host's jobs on its way to the store.</summary>
/// <param name="directory">The directory of the files; it is created when the first one is needed, accessible to its owner only.</param>
/// <param name="limits">The limits.</param>
/// <param name="transport">The store.</param>
/// <param name="hostKey">The key of this host.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The logger.</param>
/// <param name="giveUp">Ends the attempts; the next run of the agent goes on.</param>
internal sealed partial class OutputSpools(
    string directory, OutputLimits limits, ITransport transport, string hostKey, TimeProvider time, ILogger logger, CancellationToken giveUp)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromSeconds(2);

    private readonly SpoolQuota quota = new(limits.MaxSpoolBytes);
    private readonly ConcurrentDictionary<JobId, JobSpool> open = [];
    private readonly RetryLoop retry = new(time, RetryDelay, MaxRetryDelay);

    /// <summary>Opens the spool of a job, without creating anything.</summary>
    public JobSpool Open(JobId jobId, string executor) => open[jobId] = new(this, jobId, new(transport, hostKey, jobId, executor), PathOf(jobId));

    /// <summary>Finds the open spool of a job.</summary>
    public JobSpool? Find(JobId jobId) => open.GetValueOrDefault(jobId);

    /// <summary>Removes a spool that was closed.</summary>
    public void Remove(JobId jobId, JobSpool spool) => open.TryRemove(new(jobId, spool));

    /// <summary>Gets the beginning and the end of what an earlier run of the agent left of a job, as its result; null when there is nothing.</summary>
    public JsonElement? ExcerptOf(JobId jobId)
    {
        try
        {
            return OutputExcerpt.Of(PathOf(jobId));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogNotRead(jobId, exception.Message);
            return null;
        }
    }

    /// <summary>Removes the files that belong to no unfinished job.</summary>
    /// <param name="unfinished">The jobs whose output is still needed.</param>
    public void Clean(IReadOnlySet<JobId> unfinished)
    {
        if (!Directory.Exists(directory))
            return;
        try
        {
            foreach (var file in Directory.EnumerateFiles(directory))
                if (!JobId.TryParse(Path.GetFileNameWithoutExtension(file), out var jobId) || !unfinished.Contains(jobId))
                    File.Delete(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogNotCleaned(directory, exception.Message);
        }
    }

    /// <summary>Creates a file; null, with a log line, when the disk refuses.</summary>
    public SpoolFile? TryCreate(string path)
    {
        try
        {
            using var created = PrivateDirectory.Open(directory);
            return SpoolFile.Create(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogNotCreated(path, exception.Message);
            return null;
        }
    }

    /// <summary>Opens a file that an earlier run of the agent left; null when there is none, and, with a log line, when it cannot be read.</summary>
    public SpoolFile? TryOpen(string path)
    {
        try
        {
            return SpoolFile.TryOpen(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogNotOpened(path, exception.Message);
            return null;
        }
    }

    /// <summary>Reports that the disk lost a part of a job's output.</summary>
    public void ReportLost(JobId jobId, IOException failure) => LogLost(jobId, failure.Message);

    /// <summary>Creates a stream over a file.</summary>
    public SpooledStream NewStream(SpoolFile file) => new(file, quota, limits.MaxBytes);

    /// <summary>Stores the chunks of a stream as they become full.</summary>
    public async Task<StoredStream> StoreAsync(SpooledStream spooled, OutputChunks chunks, OutputStream stream)
    {
        // Off the thread that reads the command's output.
        await Task.Yield();
        return await spooled.StoreAsync(
            (number, content) => retry.RunAsync(() => chunks.PutAsync(stream, number, content, giveUp), reason => LogRetrying(number, reason), giveUp), giveUp);
    }

    private string PathOf(JobId jobId) => Path.Combine(directory, jobId.ToString());

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {JobId}: its output cannot be read: {Reason}")]
    private partial void LogNotRead(JobId jobId, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {JobId}: most of its output may be lost: {Reason}")]
    private partial void LogLost(JobId jobId, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The output in {Path} is lost: {Reason}")]
    private partial void LogNotOpened(string path, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The output of a command is cut, because {Path} cannot be created: {Reason}")]
    private partial void LogNotCreated(string path, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old output in {Directory} cannot be removed: {Reason}")]
    private partial void LogNotCleaned(string directory, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Chunk {Number} of a job's output was not stored, trying again: {Reason}")]
    private partial void LogRetrying(int number, string reason);
}
