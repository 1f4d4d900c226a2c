using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Osapi.Controller.Agents;
using Osapi.Controller.Jobs.Active;
using Osapi.Controller.Jobs.ReadModel;
using Osapi.Controller.Jobs.Supervision;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Tests;

/// <content>What a test waits for in the controller.</content>
internal sealed partial class ControllerFixture
{
    /// <summary>Waits until the controller knows this session of the agent.</summary>
    public async Task WaitForAgentAsync(string host, string session)
    {
        var registry = Controller.Services.GetRequiredService<AgentRegistry>();
        TaskCompletionSource known = new(TaskCreationOptions.RunContinuationsAsynchronously);
        registry.Registered += Look;
        Look(null);
        await known.Task.WaitAsync(TestTimeout);
        registry.Registered -= Look;

        void Look(AgentInfo? _)
        {
            if (registry.Find(host)?.Session == session)
                known.TrySetResult();
        }
    }

    /// <summary>Waits for an unfinished job, and gets its id.</summary>
    public async Task<string> WaitForJobAsync()
    {
        // A finished one stays until the read model has its end.
        await UntilAsync(() => ActiveJobs.Active.Any(job => !job.IsFinished));
        return ActiveJobs.Active.Single(job => !job.IsFinished).Record.Id.ToString();
    }

    /// <summary>Waits until the controller has seen that many executors of a job in some state.</summary>
    public Task WaitForStatesAsync(string jobId, int count) => UntilAsync(() => ActiveJobs.Find(JobId.Parse(jobId)) is not { } job || job.States.Count >= count);

    /// <summary>Waits until the controller has received a heartbeat of the host at the current time of its clock.</summary>
    public Task WaitForHeartbeatAsync(string host)
    {
        var registry = Controller.Services.GetRequiredService<AgentRegistry>();
        return UntilAsync(() => registry.Find(host) is { } agent && registry.HeartbeatAgeOf(agent) == TimeSpan.Zero);
    }

    /// <summary>Waits until the controller's view of the agent meets a condition.</summary>
    public async Task WaitForAgentViewAsync(string host, Func<JsonElement, bool> wanted)
    {
        while (!wanted((await GetAsync($"/agent/{host}")).Assert2xx().Json))
            TestTimeout.ThrowIfCancellationRequested();
    }

    public Task StoppingAsync()
    {
        TaskCompletionSource stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Controller.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);
        return stopping.Task.WaitAsync(TestTimeout);
    }

    /// <summary>Waits until the controller has read everything that is now in the log.</summary>
    public Task CatchUpAsync() => Controller.Services.GetRequiredService<JobFollower>().CatchUpAsync(TestTimeout);

    /// <summary>Waits until lost jobs were checked at the current time of the clock.</summary>
    public Task WaitForLostJobCheckAsync()
    {
        var lost = Controller.Services.GetRequiredService<LostJobDetector>();
        return UntilAsync(() => lost.LastCheck == Time.GetTimestamp());
    }

    /// <summary>Waits until a caller waits for a job to be added.</summary>
    public Task WaitForExpectedAsync(string jobId) => UntilAsync(() => ActiveJobs.IsExpected(JobId.Parse(jobId)));

    /// <summary>The number of callers that wait for the end of a job.</summary>
    public int Waiting => Controller.Services.GetRequiredService<JobWait>().Waiting;

    /// <summary>Waits until at least that many callers wait for the end of a job.</summary>
    public Task WaitForWaitersAsync(int atLeast = 1) => UntilAsync(() => Waiting >= atLeast);

    /// <summary>Advances the clock until a task completes, because it is not known when the task starts to wait.</summary>
    public async Task<T> AdvanceUntilAsync<T>(Task<T> something, TimeSpan step)
    {
        while (await Task.WhenAny(something, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestTimeout)) != something)
        {
            TestTimeout.ThrowIfCancellationRequested();
            Time.Advance(step);
        }

        return await something;
    }

    /// <summary>Waits until no caller waits for the end of a job.</summary>
    public Task WaitForNoWaitersAsync()
    {
        var wait = Controller.Services.GetRequiredService<JobWait>();
        return UntilAsync(() => wait.Waiting == 0);
    }

    /// <summary>Waits until the job is finished, and gets it.</summary>
    public async Task<Answer> WaitForEndAsync(string jobId)
    {
        if (ActiveJobs.Find(JobId.Parse(jobId)) is { } job)
            await job.Completion.WaitAsync(TestTimeout);
        return (await GetAsync($"/job/{jobId}")).Assert2xx();
    }

    /// <summary>Waits until the log of jobs has that many messages.</summary>
    public Task WaitForMessageCountAsync(int count) => WaitForLogAsync(log => log.Count == count);

    /// <summary>Waits until the messages of the log of jobs meet a condition.</summary>
    public async Task WaitForLogAsync(Func<IReadOnlyList<Message>, bool> condition)
    {
        while (!condition(await LogAsync()))
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestTimeout);
    }

    /// <summary>Waits until the read model has no jobs.</summary>
    public Task WaitForNoJobsAsync() => CountAsync(0);

    /// <summary>Waits until the read model has that many jobs.</summary>
    public Task CountAsync(int jobs)
    {
        var index = Controller.Services.GetRequiredService<JobIndex>();
        return UntilAsync(() => index.Counts().Values.Sum() == jobs);
    }

    public Task WaitForLogLineAsync(string text) => UntilAsync(() => Logs.Lines.Any(line => line.Contains(text, StringComparison.Ordinal)));

    // Changes inside the controller have no signal of their own, so the condition is polled.
    public async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            // Yields to others: the controller shares two cores with every other test.
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, TestTimeout);
        }
    }
}
