using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Files;
using Osapi.Operations.Jobs;

namespace Osapi.Orchestrator.Execution;

/// <summary>The client for bodies of a plan without a client: each call fails with the reason.</summary>
internal sealed class MissingClient : IOperationInvoker, IFileDownloader, IJobWatcher, IOutputReader
{
    private static InvalidOperationException Missing => new("the body calls the client, but the plan was made without one: new Plan(client)");

    public static OsapiClient Create() => new(new MissingClient());

    public Task<OperationReply> SendAsync(Operation operation, object request, Target? target, CallOptions? options, CancellationToken cancellationToken) => throw Missing;

    public Task<Stream> OpenContentAsync(ObjectName name, CancellationToken cancellationToken) => throw Missing;

    public Task<Stream> OpenOutputAsync(JobId id, string? hostname, OutputStream stream, bool follow, CancellationToken cancellationToken) => throw Missing;

    public IAsyncEnumerable<JobUpdate> WatchJobsAsync(JobId? id, long? after, CancellationToken cancellationToken) => throw Missing;
}
