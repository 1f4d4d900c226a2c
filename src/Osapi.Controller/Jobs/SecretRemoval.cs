using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Osapi.Controller.Jobs.Active;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs;

/// <summary>Removes the secrets of jobs that are over. Every controller of a fleet may: what is removed already is passed over.</summary>
internal sealed partial class SecretRemoval(RequestSecrets secrets, ActiveJobs jobs, TimeProvider time, ILogger<SecretRemoval> logger) : BackgroundService
{
    // The commands of those that do not fit are removed by their age.
    private const int MaxWaiting = 10_000;
    private const int MaxAttempts = 60;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly Channel<JobRecord> ended = Channel.CreateBounded<JobRecord>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        jobs.Ended += job =>
        {
            if (job.Record.SecretsCode is not null)
                ended.Writer.TryWrite(job.Record);
        };
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var record in ended.Reader.ReadAllAsync(stoppingToken))
            for (var attempt = 1; !await TryRemoveAsync(record, isLast: attempt == MaxAttempts, stoppingToken) && attempt < MaxAttempts; attempt++)
                await Task.Delay(RetryDelay, time, stoppingToken);
    }

    private async Task<bool> TryRemoveAsync(JobRecord record, bool isLast, CancellationToken cancellationToken)
    {
        try
        {
            await secrets.RemoveAsync(record, cancellationToken);
            return true;
        }
        catch (TransportException exception)
        {
            if (isLast)
                LogNotRemoved(record.Id, exception.Message);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The commands of job {JobId}, which have secrets, could not be removed and stay until they expire: {Reason}")]
    private partial void LogNotRemoved(JobId jobId, string reason);
}
