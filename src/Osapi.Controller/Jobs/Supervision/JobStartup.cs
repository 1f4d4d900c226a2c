using Microsoft.Extensions.Hosting;
using Osapi.Controller.Jobs.ReadModel;
using Osapi.Transport;

namespace Osapi.Controller.Jobs.Supervision;

/// <summary>
/// Prepares the jobs before the first request is accepted: the read model has the whole log then, and jobs that will
/// never start have expired.
/// </summary>
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
