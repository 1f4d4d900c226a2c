using Microsoft.Extensions.Hosting;
using Osapi.Controller.Jobs.ReadModel;
using Osapi.Transport;

namespace Osapi.Controller.Jobs.Supervision;

/// <summary>Runs before the first request is taken: the read model has the whole log then, and what will never start has been expired.</summary>
internal sealed class JobStartup(JobFollower follower, JobDeadlines deadlines, NodeEnvironment node) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await follower.CatchUpAsync(cancellationToken);
        if (!node.IsAlone)
            return;
        await deadlines.ExpireUnstartedAsync(cancellationToken);
        await follower.CatchUpAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
