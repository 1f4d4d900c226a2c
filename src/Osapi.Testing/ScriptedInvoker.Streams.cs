using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Audit;
using Osapi.Operations.Files;
using Osapi.Operations.Jobs;

namespace Osapi.Testing;

public sealed partial class ScriptedInvoker : IFileDownloader, IJobWatcher, IOutputReader, IAuditExporter
{
    private readonly ConcurrentDictionary<string, byte[]> contents = [];
    private readonly ConcurrentDictionary<(string? Hostname, OutputStream Stream), byte[]> outputs = [];
    private readonly ConcurrentQueue<JobUpdate> updates = [];
    private byte[] audit = [];

    /// <summary>Gives a stored file its content, for <see cref="FileClient.DownloadAsync"/>.</summary>
    public ScriptedInvoker AnswerContent(ObjectName name, ReadOnlySpan<byte> content)
    {
        ArgumentNullException.ThrowIfNull(name);
        contents[name.Value] = content.ToArray();
        return this;
    }

    /// <summary>Gives every job an output on a host, for <see cref="JobClient.OpenOutputAsync"/>; a null host is that of a call that names none.</summary>
    public ScriptedInvoker AnswerOutput(string? hostname, OutputStream stream, ReadOnlySpan<byte> content)
    {
        outputs[(hostname, stream)] = content.ToArray();
        return this;
    }

    /// <summary>Adds changes of jobs, for <see cref="JobClient.WatchAsync"/> and <see cref="JobClient.WatchAllAsync"/>, which end after the last of them.</summary>
    public ScriptedInvoker AnswerUpdates(params IEnumerable<JobUpdate> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        foreach (var change in changes)
            updates.Enqueue(change);
        return this;
    }

    /// <summary>Gives the audit log its export, for <see cref="AuditClient.OpenExportAsync"/>: JSON lines; without it, it is empty.</summary>
    public ScriptedInvoker AnswerAudit(ReadOnlySpan<byte> lines)
    {
        audit = lines.ToArray();
        return this;
    }

    /// <inheritdoc/>
    public Task<Stream> OpenAuditAsync(DateTimeOffset? since, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<Stream>(new MemoryStream(audit, writable: false));
    }

    /// <inheritdoc/>
    /// <exception cref="NotFoundException">The script has no such file.</exception>
    public Task<Stream> OpenContentAsync(ObjectName name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        cancellationToken.ThrowIfCancellationRequested();
        return contents.TryGetValue(name.Value, out var content)
            ? Task.FromResult<Stream>(new MemoryStream(content, writable: false))
            : throw new NotFoundException($"the script has no file '{name}'");
    }

    /// <inheritdoc/>
    /// <exception cref="NotFoundException">The script has no such output.</exception>
    public Task<Stream> OpenOutputAsync(JobId id, string? hostname, OutputStream stream, bool follow, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return outputs.TryGetValue((hostname, stream), out var content)
            ? Task.FromResult<Stream>(new MemoryStream(content, writable: false))
            : throw new NotFoundException($"the script has no {stream} of job {id} on '{hostname}'");
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<JobUpdate> WatchJobsAsync(JobId? id, long? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (var update in updates.Where(update => (id is null || update.JobId == id) && !(update.Sequence <= after)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return update;
        }
    }
}
