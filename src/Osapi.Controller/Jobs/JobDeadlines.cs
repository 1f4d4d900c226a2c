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
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(50);

    // Ids, not jobs: what is over is not kept in memory until its deadline.
    private readonly Channel<(string JobId, DateTimeOffset Deadline)> appeared = Channel.CreateUnbounded<(string, DateTimeOffset)>(new() { SingleReader = true });

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        board.Appeared += job => appeared.Writer.TryWrite((job.Record.Id, job.Record.Deadline));
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
        PriorityQueue<string, DateTimeOffset> due = new();
        while (!stoppingToken.IsCancellationRequested)
        {
            while (appeared.Reader.TryRead(out var job))
                due.Enqueue(job.JobId, job.Deadline);

            var now = transport.ServerNow;
            while (due.TryPeek(out var id, out var deadline) && deadline <= now)
            {
                due.Dequeue();
                if (board.Find(id) is { } job && !await ExpireAsync(job, stoppingToken))
                    due.Enqueue(id, now + TryAgainAfter);
            }

            await NextAsync(due, now, stoppingToken);
        }
    }

    private async Task NextAsync(PriorityQueue<string, DateTimeOffset> due, DateTimeOffset now, CancellationToken cancellationToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var arrival = appeared.Reader.WaitToReadAsync(waiting.Token).AsTask();
        if (due.TryPeek(out _, out var next))
        {
            var passing = Task.Delay(Max(next - now, TimeSpan.FromMilliseconds(1)), time, waiting.Token);
            // A timer that was set while the clock moved would be late by as much.
            if (transport.ServerNow - now < Late)
                await Task.WhenAny(arrival, passing);
        }
        else
        {
            await arrival;
        }

        // A timer that nobody waits for any more would stay until it fires.
        await waiting.CancelAsync();
    }

    private async Task<bool> ExpireAsync(ActiveJob job, CancellationToken cancellationToken)
    {
        // All at once, so that the expiry of a broadcast is few commits of the store.
        var silent = job.Record.Executors.Where(executor => !job.States.ContainsKey(executor));
        var expired = JobJson.Bytes(new JobEvent { Kind = JobEventKind.Expired });
        try
        {
            await Task.WhenAll(silent.Select(executor =>
                transport.AppendAsync([new(StreamName.Jobs, Subjects.State(job.Record.Id, executor), expired, ExpectedLast: 0)], cancellationToken)));
            return true;
        }
        catch (TransportException exception)
        {
            LogNotExpired(job.Record.Id, exception.Message);
            return false;
        }
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {JobId} could not be expired, trying again: {Reason}")]
    private partial void LogNotExpired(string jobId, string reason);
}
