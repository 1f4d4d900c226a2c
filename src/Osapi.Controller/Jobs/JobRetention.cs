using Microsoft.Extensions.Hosting;
using Osapi.Transport;

namespace Osapi.Controller.Jobs;

/// <summary>Lets the read model forget what the log has forgotten.</summary>
internal sealed class JobRetention(ITransport transport, JobIndex index, ControllerOptions options, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Every, time);
        do
            index.Forget(transport.ServerNow - options.KeepJobs);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
