using System.Text.Json;
using Osapi.Client;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Tests.Foreign;

/// <summary>
/// Tests with foreign messages on the subjects of executors: first, between start and end, and after the end, of
/// directed jobs and of those for any host, on both transports.
/// </summary>
/// <remarks>The job starts, expires, is cancelled, ends and is deleted as if they were not there.</remarks>
public sealed class ForeignStateTests
{
    private static readonly string[] Foreign =
    [
        "{}", "not json", "", "null", "[]", """{"kind":"paused"}""", """{"kind":"fin","host":"db-01","ledger":"x","outcome":"ok"}""",
        """{"kind":"start","host":"a b","ledger":"x"}""", """{"kind":"lost","host":"web-01","ledger":"x"}""",
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Unknown_messages_stop_no_job_and_no_controller(bool nats)
    {
        await using var system = await SystemFixture.StartAsync(nats);
        await system.StopAgentAsync();
        List<(string Id, string Expected)> jobs = [];

        // First: the host is away when it arrives.
        foreach (var (any, text) in Cases())
        {
            jobs.Add((await system.SubmitAsync(Path(any, "hostname", "start_within=60")), "Ok"));
            var expiring = await system.SubmitAsync(Path(any: false, "hostname", "start_within=1"));
            jobs.Add((expiring, "Expired"));
            var cancelled = await system.SubmitAsync(Path(any, "hostname", "start_within=60"));
            jobs.Add((cancelled, "Cancelled"));
            foreach (var (id, isAny) in ((string, bool)[])[(jobs[^3].Id, any), (expiring, false), (cancelled, any)])
                await system.WriteStateAsync(id, isAny, text);
            await system.Client.Job.CancelAsync(JobId.Parse(cancelled), cancellationToken: system.Token);
        }

        foreach (var (id, _) in jobs.Where(job => job.Expected == "Expired"))
            Assert.Equal("Expired", await system.WaitForEndAsync(id));
        await system.StartAgentAsync();
        foreach (var (id, expected) in jobs)
            Assert.Equal(expected, await system.WaitForEndAsync(id));

        // Between: it runs when it arrives.
        foreach (var (any, text) in Cases())
        {
            var door = System.IO.Path.Combine(system.StateDirectory, "door");
            var running = await WaitAsync(system, any, door);
            var stopped = await WaitAsync(system, any, System.IO.Path.Combine(system.StateDirectory, "never"));
            foreach (var id in (string[])[running, stopped])
                await system.WriteStateAsync(id, any, text);
            await File.WriteAllTextAsync(door, "", system.Token);
            jobs.Add((running, "Ok"));
            Assert.Equal("Ok", await system.WaitForEndAsync(running));
            await system.Client.Job.CancelAsync(JobId.Parse(stopped), cancellationToken: system.Token);
            jobs.Add((stopped, "Cancelled"));
            Assert.Equal("Cancelled", await system.WaitForEndAsync(stopped));
            File.Delete(door);
        }

        // After: the end stays, in this read model and in a new one.
        foreach (var (id, _) in jobs)
            foreach (var text in Foreign)
                await system.WriteStateAsync(id, any: false, text);
        foreach (var text in Foreign)
            foreach (var (id, _) in jobs)
                await system.WriteStateAsync(id, any: true, text);
        await system.CatchUpAsync();
        await AssertAsync(system, jobs);
        Assert.True(system.PassedOver >= 2 * jobs.Count * Foreign.Length);
        await system.RestartControllerAsync(anew: true);
        await AssertAsync(system, jobs);
        // However many messages one sender writes, its log lines are few.
        Assert.InRange(system.Logs.Lines.Count(line => line.Contains("Skipped in", StringComparison.Ordinal)), 1, 40);

        foreach (var (id, _) in jobs)
        {
            await system.Client.Job.DeleteAsync(JobId.Parse(id), cancellationToken: system.Token);
            await Assert.ThrowsAsync<NotFoundException>(() => system.Client.Job.GetAsync(JobId.Parse(id), cancellationToken: system.Token));
        }

        Assert.Equal(Outcome.Ok, (await system.Client.Node.HostnameAsync(SystemFixture.Host, cancellationToken: system.Token)).Hosts.Single().Outcome);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_host_ends_the_job_of_another_or_ends_one_twice(bool nats)
    {
        await using var system = await SystemFixture.StartAsync(nats);
        var door = System.IO.Path.Combine(system.StateDirectory, "door");
        foreach (var any in (bool[])[false, true])
        {
            var id = await WaitAsync(system, any, door);
            var executor = any ? HostKey.Any : SystemFixture.Host;
            ExecutorLog states = new(system.Stranger, JobId.Parse(id), executor);
            await states.ReadAsync(system.Token);
            var start = states.Fold.State!.Event;

            // By another host, in another host's name, with another ledger, and with the result of another job.
            await ForgeAsync(Forged("db-01", "of-db-01", "db-01", Outcome.Ok));
            await ForgeAsync(Forged(SystemFixture.Host, "another", SystemFixture.Host, Outcome.Ok));
            await ForgeAsync(Forged(SystemFixture.Host, start.Ledger!, "db-01", Outcome.Ok));
            await ForgeAsync(start with { Kind = JobEventKind.Finished, Outcome = Outcome.Ok, ObjectName = "another.web-01" });
            await system.CatchUpAsync();
            Assert.Equal("Running", string.Join(' ', (await system.Client.Job.GetAsync(JobId.Parse(id), cancellationToken: system.Token)).Responses.Values.Select(response => response.Outcome)));

            await File.WriteAllTextAsync(door, "", system.Token);
            Assert.Equal("Ok", await system.WaitForEndAsync(id));
            await ForgeAsync(Forged(SystemFixture.Host, start.Ledger!, SystemFixture.Host, Outcome.Failed));
            await ForgeAsync(Forged(SystemFixture.Host, "another", SystemFixture.Host, Outcome.Unknown));
            await system.CatchUpAsync();
            var job = await system.Client.Job.GetAsync(JobId.Parse(id), cancellationToken: system.Token);
            Assert.Equal((SystemFixture.Host, Outcome.Ok), (job.Responses.Single().Key, job.Responses.Single().Value.Outcome));
            Assert.Equal(["submitted", "started", "completed"], job.Timeline.Select(happened => happened.Event));
            File.Delete(door);

            async Task ForgeAsync(JobEvent forged) =>
                await system.Stranger.AppendAsync([new(StreamName.Jobs, Subjects.State(JobId.Parse(id), executor), JobJson.Bytes(forged))], system.Token);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_ledger_that_does_not_know_the_job_can_only_say_that_it_is_unknown(bool nats)
    {
        await using var system = await SystemFixture.StartAsync(nats);
        var id = await WaitAsync(system, any: false, System.IO.Path.Combine(system.StateDirectory, "never"));

        var unknown = Forged(SystemFixture.Host, "another", SystemFixture.Host, Outcome.Unknown);
        await system.Stranger.AppendAsync([new(StreamName.Jobs, Subjects.State(JobId.Parse(id), SystemFixture.Host), JobJson.Bytes(unknown))], system.Token);

        Assert.Equal("Unknown", await system.WaitForEndAsync(id));
    }

    private static IEnumerable<(bool Any, string Text)> Cases() => Foreign.Select((text, i) => (i % 2 == 0, text)).Concat([(false, Foreign[0]), (true, Foreign[5])]);

    private static string Path(bool any, string operation, string query) => $"/node/{(any ? "_any" : SystemFixture.Host)}/{operation}?{query}";

    // A job that has started, and ends when a file exists.
    private static async Task<string> WaitAsync(SystemFixture system, bool any, string door)
    {
        var id = await system.SubmitAsync(Path(any, "command/shell", "start_within=60"), $$"""{"command":"while [ ! -e {{door}} ]; do sleep 0.02; done"}""");
        await system.StartedAsync(id);
        return id;
    }

    private static JobEvent Forged(string host, string ledger, string named, Outcome outcome) => new()
    {
        Kind = JobEventKind.Finished,
        Host = host,
        Ledger = ledger,
        Session = "forged",
        Outcome = outcome,
        Entry = JsonElement.Parse(JobEntries.Bytes(new() { Hostname = named, Outcome = outcome, Error = "forged" })),
    };

    private static async Task AssertAsync(SystemFixture system, List<(string Id, string Expected)> jobs)
    {
        foreach (var (id, expected) in jobs)
        {
            var job = await system.Client.Job.GetAsync(JobId.Parse(id), cancellationToken: system.Token);
            Assert.Equal(expected, string.Join(' ', job.Responses.Values.Select(response => response.Outcome)));
        }

        await system.LookAsync(jobs.Select(job => $"/job/{job.Id}"));
    }
}
