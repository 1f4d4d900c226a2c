using System.Runtime.CompilerServices;
using System.Text.Json;
using Osapi.Operations;
using Osapi.Operations.Jobs;
using Osapi.Operations.Runs;

namespace Osapi.Orchestrator.Tests.Runs;

/// <summary>The connection of one runner, which is killed at one of its calls: before the call arrives, or before its response does. From then on nothing is answered.</summary>
internal sealed class KillableInvoker(RecordedController controller, int killAt, bool arrives) : IOperationInvoker, IJobWatcher, IRunSignals
{
    private readonly TaskCompletionSource killed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int calls;

    public int Calls => calls;

    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The number of the call from which on <see cref="Reached"/> completes once the run is recorded.</summary>
    public int Reaches { get; init; }

    public Task Reached => reached.Task;

    /// <summary>True to count only the submissions of jobs.</summary>
    public bool CountsSubmissions { get; init; }

    /// <summary>Completes when the runner is killed.</summary>
    public Task Killed => killed.Task;

    public async Task<OperationReply> SendAsync(Operation operation, object request, Target? target, CallOptions? options, CancellationToken cancellationToken)
    {
        await Task.Yield();
        var call = !CountsSubmissions || request is TestOperations.WriteFile ? Interlocked.Increment(ref calls) : Math.Min(Volatile.Read(ref calls), killAt - 1);
        if (call >= Reaches && controller.Journal.Count > 0)
            reached.TrySetResult();
        if (!killed.Task.IsCompleted && (call < killAt || (call == killAt && arrives)))
        {
            var answer = controller.Answer(operation, request, target, options);
            if (answer is JobDetail job && request is TestOperations.WriteFile)
            {
                while (!controller.HasEnded(job.Id))
                    await Task.Yield();
                answer = controller.Job(job.Id)!;
            }

            if (call < killAt && Volatile.Read(ref calls) < killAt)
                return answer is JobDetail detail && request is TestOperations.WriteFile
                    ? OperationReply.OfHosts(detail.Id, [.. detail.Responses.Values.Select(response => response.ToHostReply())])
                    : new(JsonSerializer.SerializeToElement(answer, operation.ResultInfo));
        }

        killed.TrySetResult();
        return await new TaskCompletionSource<OperationReply>().Task;
    }

    public async IAsyncEnumerable<JobUpdate> WatchJobsAsync(JobId? id, long? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (!controller.HasEnded(id!.Value))
            await Task.Yield();
        yield return new() { JobId = id.Value, Event = "completed", Status = JobStatus.Completed };
    }

    public async IAsyncEnumerable<RunSignal> ListenAsync(RunId id, RunId runner, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        yield break;
    }
}
