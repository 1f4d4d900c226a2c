using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Osapi.Controller.Jobs.ReadModel;
using Osapi.Controller.Limits;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs.Active;

/// <summary>Waits for a job, and makes its answer.</summary>
internal sealed class JobWait(ITransport transport, LargeResponses large, JobIndexHealth health, IHostApplicationLifetime lifetime, TimeProvider time)
{
    /// <summary>What an agent may take to notice the end, to stop a process tree and to report, beyond the operation's own time.</summary>
    public static readonly TimeSpan ResultGracePeriod = TimeSpan.FromSeconds(15);

    // A stopping controller gives callers this long; then they are told that the job is running.
    private static readonly TimeSpan FinalReadTimeout = TimeSpan.FromSeconds(5);

    private int waiting;

    /// <summary>How many wait for the end of a job at this moment.</summary>
    public int Waiting => Volatile.Read(ref waiting);

    /// <summary>Completes when the job is over, or when it should have been: every host has started or expired by then, and used up its time.</summary>
    public async Task<IReadOnlyList<HostReply>> AnswerAsync(ActiveJob job, HttpContext context)
    {
        var bound = job.Record.Deadline + TimeSpan.FromSeconds(job.Record.Timeout) + ResultGracePeriod;
        await EndAsync(job, bound - transport.ServerNow, context.RequestAborted);
        return await SnapshotAsync(job, context);
    }

    /// <summary>Completes when the job is over, or the time is.</summary>
    /// <exception cref="TransportException">The job was lost with the store.</exception>
    public async Task EndAsync(ActiveJob job, TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (!job.IsOver && atMost > TimeSpan.Zero)
            await OverAsync(job, atMost, cancellationToken);
        if (job.Lost is { } reason)
            throw new TransportException(reason);
    }

    private async Task OverAsync(ActiveJob job, TimeSpan atMost, CancellationToken cancellationToken)
    {
        using CancellationTokenSource bound = new(atMost, time);
        using var stopping = lifetime.ApplicationStopping.Register(() => bound.CancelAfter(FinalReadTimeout));
        using var either = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, cancellationToken);
        Interlocked.Increment(ref waiting);
        try
        {
            var wrong = health.Begun;
            if (await Task.WhenAny(job.Over, wrong).WaitAsync(either.Token) == wrong && !job.IsOver)
                throw new TransportException($"job {job.Record.Id} was accepted and goes on, ask for it again: {await wrong}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The entries say that it is still running.
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    /// <summary>The entries as they stand at this moment.</summary>
    public async Task<IReadOnlyList<HostReply>> SnapshotAsync(ActiveJob job, HttpContext context) =>
        JobStatusRules.Entries(job.Record, await LoadAsync(job.States, context));

    /// <summary>The states with their entries, those that are kept as objects included.</summary>
    public async Task<IReadOnlyDictionary<string, ExecutorState>> LoadAsync(IReadOnlyDictionary<string, ExecutorState> states, HttpContext context)
    {
        if (states.Values.All(state => state.Event.ObjectName is null))
            return states;
        await large.EnterAsync(context);
        Dictionary<string, ExecutorState> loaded = [];
        foreach (var (executor, state) in states)
            loaded[executor] = state with { Event = await JobEntries.LoadAsync(transport, state.Event, context.RequestAborted) };
        return loaded;
    }
}
