using CsCheck;

namespace Osapi.Orchestrator.Tests.Properties;

/// <summary>Tests of the same properties on real threads and real time, where anything may happen at the same moment.</summary>
public sealed class RealThreadTests
{
    [Fact]
    public Task Nothing_is_lost_whatever_happens_at_once() =>
        Gen.Select(RandomPlan.Any, Gen.Int[0, 400], Gen.Int[0, 8]).SampleAsync(RunAsync, iter: RandomPlan.Iterations / 2, threads: 2);

    private static async Task RunAsync(RandomPlan world, int cancelAt, int limit)
    {
        using CancellationTokenSource source = new();
        var (running, most, starts) = (0, 0, 0);
        List<string> ended = [];
        Plan plan = new(null, new()
        {
            MaxParallelism = limit == 0 ? null : limit,
            Deadline = cancelAt % 7 == 0 ? TimeSpan.FromMilliseconds(3) : null,
            Hooks = new() { AfterTask = (task, _) => ended.Add(task.Name) },
        });
        foreach (var random in world.Tasks)
            Add(random);

        var report = await plan.RunAsync(source.Token).WaitAsync(TimeSpan.FromSeconds(60), Plans.Token);

        Assert.Equal(0, running);
        Assert.Empty(report.HookErrors);
        Assert.Equal(world.Tasks.Length, ended.Distinct().Count());
        Assert.Equal(world.Tasks.Length, ended.Count);
        Assert.DoesNotContain(report.Tasks, task => task.Status is Status.Pending or Status.Running);
        if (limit > 0)
            Assert.InRange(most, 0, limit);

        void Add(RandomTask random)
        {
            var attempts = 0;
            var task = plan.TaskFunc($"{plan.Tasks.Count}", async (_, cancellationToken) =>
            {
                if (Interlocked.Increment(ref starts) == cancelAt)
                    source.Cancel();
                most = Math.Max(most, Interlocked.Increment(ref running));
                try
                {
                    await Task.Yield();
                    cancellationToken.ThrowIfCancellationRequested();
                }
                finally
                {
                    Interlocked.Decrement(ref running);
                }

                return ++attempts <= random.Failures ? throw new InvalidOperationException() : new() { Changed = random.Changes };
            }).DependsOn(random.Dependencies.Select(dependency => plan.Tasks[dependency]));
            if (random.Guard is { } answer)
                task.When(_ => answer);
            if (random.OnlyIfFailed && random.Dependencies.Length > 0)
                task.OnlyIfFailed();
            if (random.Limit is { } time)
                task.Timeout(TimeSpan.FromTicks(time * 100));
            task.OnError(ErrorStrategy.Retry(random.Retries, TimeSpan.FromTicks(100), TimeSpan.FromTicks(300)).Then(random.Continues ? ErrorStrategy.Continue : ErrorStrategy.StopAll));
        }
    }
}
