using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Jobs;
using Osapi.Operations.Runs;

namespace Osapi.Orchestrator.Tests.Runs;

/// <summary>A connection that breaks at submissions of jobs, before they arrive or before their response does, and at which the controller is away for a while then.</summary>
/// <param name="controller">The controller.</param>
/// <param name="breaks">The number of submissions that break, the first ones.</param>
/// <param name="arrives">True when a submission that breaks has arrived.</param>
/// <param name="away">The number of calls after each break that are refused, but those of the journal.</param>
/// <param name="awayAtFirst">The number of such calls that are refused from the beginning.</param>
internal sealed class BrokenInvoker(RecordedController controller, int breaks, bool arrives, int away, int awayAtFirst = 0) : IOperationInvoker, IJobWatcher, IRunSignals
{
    private readonly KillableInvoker whole = new(controller, int.MaxValue, arrives: true);
    private int broken;
    private int refusals = awayAtFirst;

    /// <summary>The ids of the jobs that were submitted, once for each submission.</summary>
    public List<JobId> Submitted { get; } = [];

    public async Task<OperationReply> SendAsync(Operation operation, object request, Target? target, CallOptions? options, CancellationToken cancellationToken)
    {
        if (request is not (GetJob or TestOperations.WriteFile))
            return await whole.SendAsync(operation, request, target, options, cancellationToken);
        if (refusals > 0)
        {
            refusals--;
            throw Broken(HttpRequestError.ConnectionError);
        }

        if (request is TestOperations.WriteFile)
        {
            Submitted.Add(options!.JobId!.Value);
            if (broken < breaks)
            {
                (broken, refusals) = (broken + 1, away);
                if (arrives)
                    controller.Answer(operation, request, target, options);
                throw Broken(HttpRequestError.ResponseEnded);
            }
        }

        return await whole.SendAsync(operation, request, target, options, cancellationToken);
    }

    public IAsyncEnumerable<JobUpdate> WatchJobsAsync(JobId? id, long? after, CancellationToken cancellationToken) => whole.WatchJobsAsync(id, after, cancellationToken);

    public IAsyncEnumerable<RunSignal> ListenAsync(RunId id, RunId runner, CancellationToken cancellationToken) => whole.ListenAsync(id, runner, cancellationToken);

    private static ConnectionException Broken(HttpRequestError error) => new(new("http://controller:8080"), new HttpRequestException(error, "it is away"));
}
