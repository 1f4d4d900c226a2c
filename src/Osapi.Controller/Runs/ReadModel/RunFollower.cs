using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Osapi.Controller.Jobs.Active;
using Osapi.Controller.Jobs.ReadModel;
using Osapi.Controller.Runs.Detached;
using Osapi.Transport;

namespace Osapi.Controller.Runs.ReadModel;

/// <summary>Follows the log of runs: applies it to the read model, and wakes those who follow a run.</summary>
internal sealed partial class RunFollower(ITransport transport, RunIndex index, RunJournals journals, RunChanges changes, DetachedChanges detached, TimeProvider time, ILogger<RunFollower> logger) : BackgroundService
{
    private const int BatchSize = 500;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly AsyncSignal advanced = new();
    private long position;

    /// <summary>The sequence up to which the read model has the log.</summary>
    public long Position => Volatile.Read(ref position);

    /// <summary>Waits until the read model has the message at a sequence.</summary>
    /// <exception cref="TransportException">It takes too long.</exception>
    public async Task ReachAsync(long sequence, CancellationToken cancellationToken)
    {
        for (var next = advanced.WaitAsync; Position < sequence; next = advanced.WaitAsync)
            await WaitBudget.WaitAsync(WaitAsync(next), "this controller is behind the log of runs: ask again", cancellationToken);
    }

    /// <summary>Waits until the read model has everything that is now in the log, at most a second: a query about the past can be answered without the store.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = new(RetryDelay, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await ReachAsync((await transport.StateAsync(StreamName.Runs, linked.Token)).LastSequence, linked.Token);
        }
        catch (Exception exception) when (exception is TransportException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // The answer is what is known.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
            try
            {
                await FollowAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (TransportException exception)
            {
                LogNotRead(exception.Message);
                await Task.Delay(RetryDelay, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (SqliteException exception)
            {
                LogNotWritten(JobIndexHealth.Describe(exception));
                await Task.Delay(RetryDelay, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (JobIndexHealth.IsDamage(exception))
                    index.Renew();
            }
    }

    private static async Task<bool> WaitAsync(Task task)
    {
        await task;
        return true;
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        Volatile.Write(ref position, index.Position(await transport.StateAsync(StreamName.Runs, cancellationToken)));
        advanced.Set();
        var received = Channel.CreateBounded<Message>(new BoundedChannelOptions(BatchSize) { SingleReader = true, SingleWriter = true });
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = ReadAsync(received.Writer, Position, ending.Token);
        try
        {
            List<Message> batch = [];
            while (await received.Reader.WaitToReadAsync(cancellationToken))
            {
                batch.Clear();
                while (batch.Count < BatchSize && received.Reader.TryRead(out var message))
                    batch.Add(message);
                var changed = index.Apply(batch);
                Volatile.Write(ref position, batch[^1].Sequence);
                advanced.Set();
                foreach (var run in changed)
                {
                    journals.Observe(run);
                    changes.Wake(run.Id);
                    detached.Observe(run);
                }
            }
        }
        finally
        {
            await ending.CancelAsync();
            await reading;
        }
    }

    private async Task ReadAsync(ChannelWriter<Message> received, long after, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var message in transport.FollowAsync(StreamName.Runs, "", after, cancellationToken))
                await received.WriteAsync(message, cancellationToken);
            received.Complete();
        }
        catch (Exception exception)
        {
            received.Complete(exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log of runs cannot be read, trying again: {Reason}")]
    private partial void LogNotRead(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The read model of runs failed, trying again: {Reason}")]
    private partial void LogNotWritten(string reason);
}
