using System.Runtime.ExceptionServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Osapi.Agent;
using Osapi.Controller;
using Osapi.Transport.Embedded;

namespace Osapi.Hosting;

/// <summary>The parts of a node that were started so far, in the order in which they are stopped.</summary>
internal sealed class NodeParts(Action<ILoggingBuilder> logging)
{
    private readonly ServiceProvider services = new ServiceCollection().AddLogging(logging).BuildServiceProvider();

    public StateLock? StateLock { get; set; }

    public NodeTransport? Transport { get; set; }

    public OsapiController? Controller { get; set; }

    public OsapiAgent? Agent { get; set; }

    public ILogger Logger(string category) => services.GetRequiredService<ILoggerFactory>().CreateLogger(category);

    /// <summary>Stops every part, those after one that fails as well.</summary>
    public async Task StopAsync()
    {
        List<Exception> failures = [];
        // The agent first: what it publishes last still reaches the log, and the controller's callers.
        foreach (var part in new IAsyncDisposable?[] { Agent, Controller, Transport })
            try
            {
                await (part?.DisposeAsync() ?? ValueTask.CompletedTask);
            }
            catch (Exception exception)
            {
                // The others are to be stopped all the same.
                failures.Add(exception);
            }

        StateLock?.Dispose();
        await services.DisposeAsync();
        if (failures.Count > 0)
            ExceptionDispatchInfo.Throw(failures[0]);
    }
}
