using Osapi.Transport.Embedded;

namespace Osapi.Agent.Tests.Jobs;

/// <summary>The store in the directory of a worker process, which its test opens while the worker does not run.</summary>
internal static class WorkerStore
{
    public static Task<EmbeddedTransport> OpenAsync(string directory, CancellationToken cancellationToken) =>
        EmbeddedTransport.OpenAsync(new() { Directory = Path.Combine(directory, "state") }, cancellationToken);
}
