using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Osapi.Controller.Jobs.Outputs;
using Osapi.Controller.Jobs.ReadModel;
using Osapi.Controller.Limits;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs.Active;

/// <summary>Waits for a job, and creates its reply.</summary>
internal sealed class JobWait(ITransport transport, LargeResponses large, OutputInsertion outputs, JobIndexHealth health, IHostApplicationLifetime lifetime, TimeProvider time) : IDisposable
{
    /// <summary>
    /// The time that an agent has to notice the end, stop a process tree and report, in addition to the operation's
    /// time limit.
    /// </summary>
    public static readonly TimeSpan ResultGracePeriod = TimeSpan.FromSeconds(15);

    // A stopping controller waits this long for the entries; afterwards callers get the outcome running.
    private static readonly TimeSpan FinalReadTimeout = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource finalRead = FinalRead(lifetime, time);
    private int waiting;

    /// <summary>The number of callers that wait for the end of a job.</summary>
    public int Waiting => Volatile.Read(ref waiting);

    /// <summary>
    /// Waits until the job is finished, or must be: by then every host has started or expired, and its time limit has
    /// passed.
    /// </summary>
    public async Task<IReadOnlyList<HostReply>> AnswerAsync(ActiveJob job, HttpContext context)
    {
        var timeoutSource = job.Record.Deadline + TimeSpan.FromSeconds(job.Record.Timeout) + ResultGracePeriod;
        await EndAsync(job, timeoutSource - transport.ServerNow, context.RequestAborted);
        // A host whose command was published late has its time from then.
        if (!job.IsFinished && !lifetime.ApplicationStopping.IsCancellationRequested && StartDelayOf(job) is var delay && delay > TimeSpan.Zero)
            await EndAsync(job, timeoutSource + delay - transport.ServerNow, context.RequestAborted);
        return await SnapshotAsync(job, context);
    }

    /// <summary>Waits until the job is finished, or the time has passed.</summary>
    /// <exception cref="TransportException">The job was lost with the store.</exception>
    public async Task EndAsync(ActiveJob job, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (!job.IsFinished && timeout > TimeSpan.Zero)
            await WaitForFinishAsync(job, timeout, cancellationToken);
        if (job.LostReason is { } reason)
            throw new TransportException(reason);
    }

    // The time after the deadline at which the last host started, or may still start.
    private TimeSpan StartDelayOf(ActiveJob job)
    {
        var delay = TimeSpan.Zero;
        if (transport.AppendsAtOnce || job.Record.AnyHost)
            return delay;
        foreach (var executor in job.Record.Executors)
        {
            var own = job.States.TryGetValue(executor, out var state) ? state.Time - job.Record.Deadline : JobRecord.MaxPublishDelay;
            if (own > delay && state is null or { Event.Kind: JobEventKind.Start })
                delay = own;
        }

        return delay < JobRecord.MaxPublishDelay ? delay : JobRecord.MaxPublishDelay;
    }

    public void Dispose() => finalRead.Dispose();

    private async Task WaitForFinishAsync(ActiveJob job, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var problem = health.ProblemToken;
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, problem, finalRead.Token);
        Interlocked.Increment(ref waiting);
        try
        {
            await job.Completion.WaitAsync(timeout, time, linked.Token);
        }
        catch (TimeoutException)
        {
            // The entries say that it is still running.
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            if (problem.IsCancellationRequested && !job.IsFinished)
                throw new TransportException($"job {job.Record.Id} was accepted and continues; read it again later: {health.Reason ?? "the read model had a problem"}");
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    private static CancellationTokenSource FinalRead(IHostApplicationLifetime lifetime, TimeProvider time)
    {
        CancellationTokenSource source = new(Timeout.InfiniteTimeSpan, time);
        lifetime.ApplicationStopping.Register(() => source.CancelAfter(FinalReadTimeout));
        return source;
    }

    /// <summary>Gets the current entries.</summary>
    public async Task<IReadOnlyList<HostReply>> SnapshotAsync(ActiveJob job, HttpContext context) =>
        JobStatusRules.Entries(job.Record, await LoadAsync(job.Record.Id, job.States, context));

    /// <summary>Loads the entries of the states, including those stored as objects; output in chunks is read when the response is sent.</summary>
    public async Task<IReadOnlyDictionary<string, ExecutorState>> LoadAsync(JobId jobId, IReadOnlyDictionary<string, ExecutorState> states, HttpContext context)
    {
        if (states.Values.All(state => state.Event is { ObjectName: null, Output: null }))
            return states;
        if (states.Values.Any(state => state.Event.ObjectName is not null))
            await large.EnterAsync(context);
        Dictionary<string, ExecutorState> loaded = [];
        foreach (var (executor, state) in states)
        {
            var complete = await JobEntries.LoadAsync(transport, state.Event, context.RequestAborted);
            loaded[executor] = state with { Event = await outputs.InsertAsync(jobId, executor, complete, context) };
        }

        return loaded;
    }
}
