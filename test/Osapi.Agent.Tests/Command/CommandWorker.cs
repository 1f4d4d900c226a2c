using Microsoft.Extensions.Logging.Abstractions;
using Osapi.Agent.Tests.Jobs;
using Osapi.Transport.Embedded;

namespace Osapi.Agent.Tests.Command;

/// <summary>The entry point of a process with a store and an agent that runs the commands in it, until it is killed.</summary>
internal static class CommandWorker
{
    public const string Argument = "--command-worker";

    public static async Task<int> RunAsync(string directory)
    {
        await using var transport = await WorkerStore.OpenAsync(directory, CancellationToken.None);
        await using var agent = await StartAgentAsync(transport, directory, CancellationToken.None);
        await agent.Completion;
        return 0;
    }

    public static Task<OsapiAgent> StartAgentAsync(EmbeddedTransport transport, string directory, CancellationToken cancellationToken) =>
        OsapiAgent.StartAsync(new() { Transport = transport, StateDirectory = directory }, new() { Hostname = JobFixture.Host, MaxJobs = 1 }, NullLogger.Instance, cancellationToken);
}
