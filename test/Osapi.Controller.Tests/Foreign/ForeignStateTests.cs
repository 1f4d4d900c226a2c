using System.Text.Json;
using Osapi.Client;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Tests.Foreign;

/// <summary>
/// Somebody else's messages on the subjects of executors, first, between start and end, and after the end, of directed
/// jobs and of those for any host, on both transports: the job starts, expires, is cancelled, ends and is deleted as if
/// they were not there.
/// </summary>
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
    public async Task What_nobody_understands_stops_no_job_and_no_controller(bool nats)
    {
        await using var system = await WholeSystem.StartAsync(nats);
        await system.StopAgentAsync();
        List<(string Id, string Expected)> jobs = [];

        // First: the host is away while it comes.
        foreach (var (any, text) in Cases())
        {
            jobs.Add((await system.SubmitAsync(Path(any, "hostname", "start_within=60")), "Ok"));
            var expiring = await system.SubmitAsync(Path(any: false, "hostname", "start_within=1"));
            jobs.Add((expiring, "Expired"));
            var cancelled = await system.SubmitAsync(Path(any, "hostname", "start_within=60"));
            jobs.Add((cancelled, "Cancelled"));
            foreach (var (id, isAny) in ((string, bool)[])[(jobs[^3].Id, any), (expiring, false), (cancelled, any)])
                await system.WriteStateAsync(id, isAny, text);
            await system.Client.Job.CancelAsync(cancelled, cancellationToken: system.Token);
        }

        foreach (var (id, _) in jobs.Where(job => job.Expected == "Expired"))
            Assert.Equal("Expired", await system.EndOfAsync(id));
        await system.StartAgentAsync();
        foreach (var (id, expected) in jobs)
            Assert.Equal(expected, await system.EndOfAsync(id));

        // Between: it runs while it comes.
        foreach (var (any, text) in Cases())
        {
            var door = System.IO.Path.Combine(system.Directory, "door");
            var running = await WaitAsync(system, any, door);
            var stopped = await WaitAsync(system, any, System.IO.Path.Combine(system.Directory, "never"));
            foreach (var id in (string[])[running, stopped])
                await system.WriteStateAsync(id, any, text);
            await File.WriteAllTextAsync(door, "", system.Token);
            jobs.Add((running, "Ok"));
            Assert.Equal("Ok", await system.EndOfAsync(running));
            await system.Client.Job.CancelAsync(stopped, cancellationToken: system.Token);
            jobs.Add((stopped, "Cancelled"));
            Assert.Equal("Cancelled", await system.EndOfAsync(stopped));
            File.Delete(door);
        }

        // After: the end stands, in this read model and in a new one.
        foreach (var (id, _) in jobs)
            foreach (var text in Foreign)
                await system.WriteStateAsync(id, any: false, text);
        foreach (var text in Foreign)
            foreach (var (id, _) in jobs)
                await system.WriteStateAsync(id, any: true, text);
        await system.CaughtUpAsync();
        await AssertAsync(system, jobs);
        Assert.True(system.PassedOver >= 2 * jobs.Count * Foreign.Length);
        await system.RestartControllerAsync(anew: true);
        await AssertAsync(system, jobs);
        // However much comes of one sender, its lines are few.
        Assert.InRange(system.Logs.Lines.Count(line => line.Contains("Passed over", StringComparison.Ordinal)), 1, 40);

        foreach (var (id, _) in jobs)
        {
            await system.Client.Job.DeleteAsync(id, cancellationToken: system.Token);
            await Assert.ThrowsAsync<NotFoundException>(() => system.Client.Job.GetAsync(id, cancellationToken: system.Token));
        }

        Assert.Equal(Outcome.Ok, (await system.Client.Node.HostnameAsync(WholeSystem.Host, cancellationToken: system.Token)).Hosts.Single().Outcome);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nobody_ends_the_job_of_another_or_ends_one_twice(bool nats)
    {
        await using var system = await WholeSystem.StartAsync(nats);
        var door = System.IO.Path.Combine(system.Directory, "door");
        foreach (var any in (bool[])[false, true])
        {
            var id = await WaitAsync(system, any, door);
            var executor = any ? HostKey.Any : WholeSystem.Host;
            ExecutorLog states = new(system.Stranger, id, executor);
            await states.ReadAsync(system.Token);
            var start = states.Fold.State!.Event;

            // By another host, in another host's name, with another's ledger, and with the result of another job.
            await ForgeAsync(Forged("db-01", "of-db-01", "db-01", Outcome.Ok));
            await ForgeAsync(Forged(WholeSystem.Host, "another", WholeSystem.Host, Outcome.Ok));
            await ForgeAsync(Forged(WholeSystem.Host, start.Ledger!, "db-01", Outcome.Ok));
            await ForgeAsync(start with { Kind = JobEventKind.Finished, Outcome = Outcome.Ok, ObjectName = "another.web-01" });
            await system.CaughtUpAsync();
            Assert.Equal("Running", string.Join(' ', (await system.Client.Job.GetAsync(id, cancellationToken: system.Token)).Responses.Values.Select(response => response.Outcome)));

            await File.WriteAllTextAsync(door, "", system.Token);
            Assert.Equal("Ok", await system.EndOfAsync(id));
            await ForgeAsync(Forged(WholeSystem.Host, start.Ledger!, WholeSystem.Host, Outcome.Failed));
            await ForgeAsync(Forged(WholeSystem.Host, "another", WholeSystem.Host, Outcome.Unknown));
            await system.CaughtUpAsync();
            var job = await system.Client.Job.GetAsync(id, cancellationToken: system.Token);
            Assert.Equal((WholeSystem.Host, Outcome.Ok), (job.Responses.Single().Key, job.Responses.Single().Value.Outcome));
            Assert.Equal(["submitted", "started", "completed"], job.Timeline.Select(happened => happened.Event));
            File.Delete(door);

            async Task ForgeAsync(JobEvent forged) =>
                await system.Stranger.AppendAsync([new(StreamName.Jobs, Subjects.State(id, executor), JobJson.Bytes(forged))], system.Token);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_ledger_that_does_not_know_the_job_can_only_say_that_it_is_unknown(bool nats)
    {
        await using var system = await WholeSystem.StartAsync(nats);
        var id = await WaitAsync(system, any: false, System.IO.Path.Combine(system.Directory, "never"));

        var unknown = Forged(WholeSystem.Host, "another", WholeSystem.Host, Outcome.Unknown);
        await system.Stranger.AppendAsync([new(StreamName.Jobs, Subjects.State(id, WholeSystem.Host), JobJson.Bytes(unknown))], system.Token);

        Assert.Equal("Unknown", await system.EndOfAsync(id));
    }

    private static IEnumerable<(bool Any, string Text)> Cases() => Foreign.Select((text, i) => (i % 2 == 0, text)).Concat([(false, Foreign[0]), (true, Foreign[5])]);

    private static string Path(bool any, string operation, string query) => $"/node/{(any ? "_any" : WholeSystem.Host)}/{operation}?{query}";

    // A job that has started, and ends when a file is there.
    private static async Task<string> WaitAsync(WholeSystem system, bool any, string door)
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

    private static async Task AssertAsync(WholeSystem system, List<(string Id, string Expected)> jobs)
    {
        foreach (var (id, expected) in jobs)
        {
            var job = await system.Client.Job.GetAsync(id, cancellationToken: system.Token);
            Assert.Equal(expected, string.Join(' ', job.Responses.Values.Select(response => response.Outcome)));
        }

        await system.LookAsync(jobs.Select(job => $"/job/{job.Id}"));
    }
}
