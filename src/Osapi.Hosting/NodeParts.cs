using System.Runtime.ExceptionServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Osapi.Agent;
using Osapi.Agent.Enrolment;
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

    public EnrolledAgent? Enrolment { get; set; }

    public OsapiAgent? Agent { get; set; }

    public ILogger Logger(string category) => services.GetRequiredService<ILoggerFactory>().CreateLogger(category);

    /// <summary>Stops every part, even after one has failed to stop.</summary>
    public async Task StopAsync()
    {
        List<Exception> failures = [];
        // Before anything stops: what goes on elsewhere begins no more work here.
        try
        {
            await (Controller?.ReleaseRunsAsync() ?? Task.CompletedTask);
        }
        catch (Exception exception)
        {
            failures.Add(exception);
        }

        // The agent first: its last messages still reach the log and the controller's callers.
        foreach (var part in new IAsyncDisposable?[] { Agent, Enrolment, Controller, Transport })
            try
            {
                await (part?.DisposeAsync() ?? ValueTask.CompletedTask);
            }
            catch (Exception exception)
            {
                // A failure must not keep the other parts from stopping.
                failures.Add(exception);
            }

        StateLock?.Dispose();
        await services.DisposeAsync();
        if (failures.Count > 0)
            ExceptionDispatchInfo.Throw(failures[0]);
    }
}
