using System.Diagnostics;
using System.Text.Json;
using Osapi.Agent.Tests.Sample;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Tests.Jobs;

public sealed class AgentKillTests(ITestOutputHelper output)
{
    private const int JobsEach = 30;
    private const int Kills = 2;

    private static int Rounds => Fuzz.IsFull ? 100 : 10;

    [Fact]
    public async Task Killed_at_any_instant_nothing_runs_twice_and_everything_ends()
    {
        var seed = Random.Shared.Next();
        Random random = new(seed);
        Dictionary<Outcome, int> outcomes = [];
        var (kills, ran, unknownRan) = (0, 0, 0);
        for (var round = 0; round < Rounds; round++)
        {
            var root = Directory.CreateTempSubdirectory("osapi-kill-");
            try
            {
                var jobs = await AcceptAsync(root.FullName, random);
                kills += await WorkOffAsync(root.FullName, random);
                foreach (var (name, outcome, neverStarted) in await ReadAsync(root.FullName, jobs))
                {
                    var counter = new FileInfo(Path.Combine(root.FullName, "counters", name));
                    var count = counter.Exists ? counter.Length : 0;
                    var expected = outcome switch
                    {
                        Outcome.Ok => count == 1,
                        Outcome.Expired => count == 0,
                        Outcome.Unknown => count <= 1 && !neverStarted,
                        _ => false,
                    };
                    Assert.True(expected, $"{name} ended {outcome} and ran {count} times, seed {seed}, round {round}");
                    outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
                    ran += (int)count;
                    unknownRan += outcome == Outcome.Unknown ? (int)count : 0;
                }
            }
            finally
            {
                root.Delete(recursive: true);
            }
        }

        output.WriteLine($"seed {seed}: {Rounds} rounds, {kills} kills, {Rounds * JobsEach} jobs, {ran} ran; {string.Join(", ", outcomes.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key} {pair.Value}"))} ({unknownRan} of the unknown ran)");
        Assert.Equal(Rounds * JobsEach, outcomes.Values.Sum());
    }

    private static async Task<IReadOnlyList<(string Id, string Name, string Executor)>> AcceptAsync(string directory, Random random)
    {
        Directory.CreateDirectory(Path.Combine(directory, "counters"));
        await using var transport = await WorkerStore.OpenAsync(directory, TestContext.Current.CancellationToken);
        List<(string, string, string)> jobs = [];
        List<Append> messages = [];
        for (var n = 0; n < JobsEach; n++)
        {
            var (id, name, any) = (Guid.NewGuid().ToString(), $"job-{n}", random.Next(2) == 0);
            var request = JsonSerializer.SerializeToUtf8Bytes(new Work { Name = name, Size = random.Next(12) }, WorkJson.Requests.Work);
            // Some expire while the agent is down.
            var startWithin = random.Next(8) == 0 ? random.NextDouble() : 3600;
            var record = new JobRecord { Id = JobIds.Of(id), Operation = WorkOperations.Act.Id, Request = request, Target = any ? "_any" : JobFixture.Host, Hosts = any ? [] : [JobFixture.Host], AnyHost = any, Created = transport.ServerNow, StartWithin = startWithin, Timeout = 60 };
            var command = JobJson.Bytes(new JobCommand { Kind = CommandKind.Run, JobId = JobIds.Of(id), Operation = WorkOperations.Act.Id, Request = request, StartWithin = startWithin });
            messages.Add(new(StreamName.Jobs, Subjects.Record(JobIds.Of(id)), JobJson.Bytes(record)));
            messages.Add(any ? new(StreamName.WorkQueue, Subjects.Any, command) : new(StreamName.Commands, Subjects.Command(HostKey.Of(JobFixture.Host), JobIds.Of(id)), command));
            jobs.Add((id, name, any ? HostKey.Any : HostKey.Of(JobFixture.Host)));
        }

        await transport.AppendAsync(messages, TestContext.Current.CancellationToken);
        return jobs;
    }

    // Starts the worker repeatedly; the last one may finish.
    private static async Task<int> WorkOffAsync(string directory, Random random)
    {
        for (var kills = 0; ; kills++)
        {
            using var worker = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [AgentWorker.Argument, directory]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            limit.CancelAfter(TimeSpan.FromSeconds(30));
            try
            {
                var errors = worker.StandardError.ReadToEndAsync(limit.Token);
                var ready = await worker.StandardOutput.ReadLineAsync(limit.Token);
                Assert.True(ready == "ready", ready is null ? await errors : ready);
                if (kills < Kills)
                {
                    // Some kills hit the agent while it recovers, most while jobs run.
                    if (random.Next(4) > 0)
                        await worker.StandardOutput.ReadLineAsync(limit.Token);
                    // Not a wait for a condition: the random instant itself is tested.
                    await Task.WhenAny(worker.WaitForExitAsync(limit.Token), Task.Delay(TimeSpan.FromMilliseconds(random.NextDouble() * 40), TimeProvider.System, limit.Token));
                    if (!worker.HasExited)
                    {
                        worker.Kill();
                        await worker.WaitForExitAsync(limit.Token);
                        continue;
                    }
                }

                await worker.StandardOutput.ReadToEndAsync(limit.Token);
                await worker.WaitForExitAsync(limit.Token);
                Assert.True(worker.ExitCode == 0, await errors);
                return kills;
            }
            finally
            {
                if (!worker.HasExited)
                    worker.Kill();
            }
        }
    }

    private static async Task<IReadOnlyList<(string Name, Outcome Outcome, bool NeverStarted)>> ReadAsync(string directory, IReadOnlyList<(string Id, string Name, string Executor)> jobs)
    {
        await using var transport = await WorkerStore.OpenAsync(directory, TestContext.Current.CancellationToken);
        List<(string, Outcome, bool)> ends = [];
        foreach (var (id, name, executor) in jobs)
        {
            var last = await transport.LastAsync(StreamName.Jobs, Subjects.State(JobIds.Of(id), executor), TestContext.Current.CancellationToken);
            var state = JobJson.Event(last!.Payload);
            ends.Add((name, JobStatusRules.OutcomeOf(state), state.Kind == JobEventKind.Expired));
        }

        return ends;
    }
}
