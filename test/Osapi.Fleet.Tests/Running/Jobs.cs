using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Command;
using Osapi.Operations.Jobs;

namespace Osapi.Fleet.Tests.Running;

/// <summary>The jobs of a fleet, sent to any controller that answers, as behind a load balancer.</summary>
internal sealed class Jobs(RunningFleet fleet)
{
    // A hanging controller is abandoned, without cancelling its call, because that would cancel the job. Longer than a
    // controller without its broker takes to respond.
    private static readonly TimeSpan Hanging = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private int turn;

    /// <summary>Submits a shell line, and retries under the same id until a controller accepts it.</summary>
    public async Task<Guid> SubmitAsync(Target target, string line, TimeSpan startWithin, CancellationToken cancellationToken)
    {
        var id = Guid.NewGuid();
        await AnyAsync(
            calls => calls.Accepting.SendAsync(CommandOperations.Shell, new ShellCommand { Command = line }, target, new() { JobId = id, StartWithin = startWithin }, CancellationToken.None),
            cancellationToken);
        return id;
    }

    /// <summary>Reads a job from a controller.</summary>
    public Task<JobDetail> ReadAsync(Guid id, CancellationToken cancellationToken) =>
        AnyAsync(calls => calls.Waiting.Job.GetAsync(JobId.Parse(id.ToString()), cancellationToken: CancellationToken.None), cancellationToken);

    /// <summary>Waits until the job is finished.</summary>
    public Task<JobDetail> EndAsync(Guid id, TimeSpan bound, CancellationToken cancellationToken) =>
        UntilAsync(id, job => job.Status is not (JobStatus.Submitted or JobStatus.Processing), bound, cancellationToken);

    /// <summary>Waits until a host has started the job.</summary>
    public Task<JobDetail> StartedAsync(Guid id, CancellationToken cancellationToken) =>
        UntilAsync(id, job => job.Status is not JobStatus.Submitted, TimeSpan.FromSeconds(60), cancellationToken);

    private async Task<JobDetail> UntilAsync(Guid id, Func<JobDetail, bool> isWanted, TimeSpan bound, CancellationToken cancellationToken)
    {
        var begin = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var job = await ReadAsync(id, cancellationToken);
            if (isWanted(job))
                return job;
            Assert.True(TimeProvider.System.GetElapsedTime(begin) < bound, $"job {id} to {job.Target} is {job.Status} after {bound.TotalSeconds} s: {string.Join(", ", job.Responses.Values)}; the logs are in {Programs.Logs}");
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }

    private async Task<T> AnyAsync<T>(Func<ControllerCalls, Task<T>> ask, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return await ask(fleet.Calls[(Interlocked.Increment(ref turn) & int.MaxValue) % fleet.Calls.Count]).WaitAsync(Hanging, cancellationToken);
            }
            catch (Exception exception) when (exception is ConnectionException or ServerException { StatusCode: 503 } or NotFoundException or TimeoutException)
            {
                // Killed, without its broker, or about to read what the other one has accepted.
            }

            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }
}
