using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs;

/// <summary>
/// Expires what nobody started in time. The append succeeds only for an executor without any state, so an expired job
/// can never start, and a started one never expires; every controller may try.
/// </summary>
internal sealed partial class JobDeadlines(ITransport transport, JobBoard board, TimeProvider time, ILogger<JobDeadlines> logger) : BackgroundService
{
    private readonly Channel<ActiveJob> appeared = Channel.CreateUnbounded<ActiveJob>(new() { SingleReader = true });

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        board.Appeared += job => appeared.Writer.TryWrite(job);
        return base.StartAsync(cancellationToken);
    }

    /// <summary>Expires every executor that has no state, now; when a system that was alone starts again, nobody can be about to start them.</summary>
    public async Task ExpireUnstartedAsync(CancellationToken cancellationToken)
    {
        foreach (var job in board.Active)
            await ExpireAsync(job, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        PriorityQueue<ActiveJob, DateTimeOffset> due = new();
        while (!stoppingToken.IsCancellationRequested)
        {
            while (appeared.Reader.TryRead(out var job))
                due.Enqueue(job, job.Record.Deadline);

            var now = transport.ServerNow;
            while (due.TryPeek(out var job, out var deadline) && deadline <= now)
            {
                due.Dequeue();
                await ExpireAsync(job, stoppingToken);
            }

            var arrival = appeared.Reader.WaitToReadAsync(stoppingToken).AsTask();
            if (due.TryPeek(out _, out var next))
                await Task.WhenAny(arrival, Task.Delay(Max(next - now, TimeSpan.FromMilliseconds(1)), time, stoppingToken));
            else
                await arrival;
        }
    }

    private async Task ExpireAsync(ActiveJob job, CancellationToken cancellationToken)
    {
        foreach (var executor in job.Record.Executors.Where(executor => !job.States.ContainsKey(executor)))
            try
            {
                var expired = JobJson.Bytes(new JobEvent { Kind = JobEventKind.Expired });
                await transport.AppendAsync([new(StreamName.Jobs, Subjects.State(job.Record.Id, executor), expired, ExpectedLast: 0)], cancellationToken);
            }
            catch (TransportException exception)
            {
                LogNotExpired(job.Record.Id, executor, exception.Message);
                appeared.Writer.TryWrite(job);
            }
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {JobId} could not be expired for {Executor}, trying again: {Reason}")]
    private partial void LogNotExpired(string jobId, string executor, string reason);
}
