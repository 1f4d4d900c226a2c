using Microsoft.Extensions.Hosting;
using Osapi.Controller.Jobs.ReadModel;

namespace Osapi.Controller.Jobs.Supervision;

/// <summary>Prepares the jobs before the first request is accepted: the read model has the whole log then.</summary>
internal sealed class JobStartup(JobFollower follower) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => follower.CatchUpAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
