using System.Text;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Tests.Foreign;

/// <summary>
/// Tests with mutated and newer messages of every kind for every reader of a running system: none ends, none hangs, and
/// no other call fails.
/// </summary>
public sealed class ForeignMessageTests(ITestOutputHelper output)
{
    private static readonly int Messages = Environment.GetEnvironmentVariable("OSAPI_TEST_FULL") == "1" ? 20_000 : 2_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_reader_skips_unknown_messages_and_jobs_continue(bool nats)
    {
        var seed = Environment.GetEnvironmentVariable("OSAPI_TEST_SEED") is { Length: > 0 } given ? int.Parse(given, System.Globalization.CultureInfo.InvariantCulture) : Random.Shared.Next();
        output.WriteLine($"seed {seed}, {Messages} messages");
        Mutations mutations = new(seed);
        await using var system = await SystemFixture.StartAsync(nats);
        // A job whose result is an object, so that its readers have something to read.
        var large = await system.Client.Command.ShellAsync(SystemFixture.Host, new() { Command = "head -c 300000 /dev/zero | tr '\\0' x" }, cancellationToken: system.Token);
        var ended = await system.Client.Node.HostnameAsync(SystemFixture.Host, cancellationToken: system.Token);
        var before = await JobAsync(system);

        Dictionary<string, int> sent = [];
        List<(string Reader, Task Sending)> sending = [];
        for (var i = 0; i < Messages; i++)
        {
            sending.Add(Send(system, mutations, large.JobId.ToString(), ended.JobId.ToString()));
            if (sending.Count < 100)
                continue;
            foreach (var (reader, task) in sending)
            {
                sent[reader] = sent.GetValueOrDefault(reader) + 1;
                await task;
            }

            sending.Clear();
            if (i % 500 == 499)
            {
                await JobAsync(system);
                await system.LookAsync($"/job/{large.JobId}", $"/job/{ended.JobId}");
            }
        }

        await system.CatchUpAsync();
        var after = await JobAsync(system);
        await system.LookAsync($"/job/{large.JobId}", $"/job/{ended.JobId}");
        // A finished job stays unchanged, whatever was put on its subjects.
        var job = await system.Http.GetStringAsync($"/job/{ended.JobId}", system.Token);
        Assert.True(job.Contains("\"outcome\":\"ok\"", StringComparison.Ordinal), job);
        output.WriteLine($"{string.Join(", ", sent.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} {pair.Value}"))}; passed over {system.PassedOver}; a job took {before.TotalMilliseconds:0} ms before and {after.TotalMilliseconds:0} ms after");
        List<string> failures = [.. system.Logs.Lines.Where(line => line.Contains("failed inside the agent", StringComparison.Ordinal) || line.Contains("unhandled", StringComparison.OrdinalIgnoreCase))];
        output.WriteLine(string.Join('\n', failures.Take(3)));
        Assert.Empty(failures);

        // The messages are still there, and are read again from the beginning.
        await system.RestartControllerAsync(anew: true);
        await system.StopAgentAsync();
        await system.StartAgentAsync();
        await JobAsync(system);
        await system.LookAsync($"/job/{large.JobId}", $"/job/{ended.JobId}");
    }

    private static async Task<TimeSpan> JobAsync(SystemFixture system)
    {
        var began = TimeProvider.System.GetTimestamp();
        foreach (var target in (Target[])["_any", SystemFixture.Host])
            Assert.Equal(Outcome.Ok, Assert.Single((await system.Client.Node.HostnameAsync(target, cancellationToken: system.Token)).Hosts).Outcome);
        return TimeProvider.System.GetElapsedTime(began) / 2;
    }

    private static (string, Task) Send(SystemFixture system, Mutations mutations, string large, string ended)
    {
        var id = mutations.Next(3) switch { 0 => large, 1 => ended, _ => Guid.NewGuid().ToString() };
        switch (mutations.Next(system.Raw is null ? 8 : 10))
        {
            case 0 or 1:
                return ("states", AppendAsync(StreamName.Jobs, Subjects.State(JobId.Parse(id), mutations.Next(2) == 0 ? SystemFixture.Host : HostKey.Any), mutations.Of(Samples.Ends[mutations.Next(Samples.Ends.Count)])));
            case 2:
                return ("records", AppendAsync(StreamName.Jobs, Subjects.Record(JobId.Parse(id)), NoRecord(mutations.Of(Samples.Record(id)))));
            case 3:
                return ("other subjects", AppendAsync(StreamName.Jobs, $"run.{id}.{mutations.Next(3)}", mutations.Of(Samples.Command(id))));
            case 4:
                return ("commands", AppendAsync(StreamName.Commands, Subjects.Command(SystemFixture.Host, JobId.Parse(id)), mutations.Of(Samples.Command(id))));
            case 5:
                return ("queue", AppendAsync(StreamName.WorkQueue, Subjects.Any, mutations.Of(Samples.Command(id))));
            case 6:
                var name = $"db-{mutations.Next(20)}";
                return ("hosts", system.Stranger.Hosts.PutAsync(name, Bytes(mutations.Of(Samples.Agent(name))), expectedRevision: null, system.Token));
            case 7:
                return ("heartbeats", system.Stranger.Signals.SendAsync(Subjects.Heartbeat($"db-{mutations.Next(20)}"), Bytes(mutations.Of(Samples.Beat)), system.Token));
            case 8:
                return ("results", PublishAsync($"$O.osapi_results.M.{Samples.TokenOf(JobEntries.NameOf(JobId.Parse(large), SystemFixture.Host))}", mutations.Of(Samples.Object("osapi_results", JobEntries.NameOf(JobId.Parse(large), SystemFixture.Host)))));
            default:
                var file = $"file-{mutations.Next(20)}";
                return ("files", PublishAsync($"$O.osapi_files.M.{Samples.TokenOf(file)}", mutations.Of(Samples.Object("osapi_files", file))));
        }

        Task AppendAsync(StreamName stream, string subject, string text) => system.Stranger.AppendAsync([new(stream, subject, Bytes(text))], system.Token);

        Task PublishAsync(string subject, string text) => system.Raw!.PublishAsync(subject, Bytes(text), cancellationToken: system.Token).AsTask();

        static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

        // Only controllers may write records; a valid one, or a tombstone, is not a foreign message.
        string NoRecord(string text) => JobRecord.TryParse(JobId.Parse(id), Bytes(text), out _, out _) ? "{}" : text;
    }
}
