using System.Text;
using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Agents;
using Osapi.Transport;
using Osapi.Transport.Jobs;
using Osapi.Transport.Tests.Nats;

namespace Osapi.Controller.Tests.Broker;

/// <summary>
/// Tests of attackers against a real broker: one with an account that may publish everything, and one with the key of
/// another host. Nothing of theirs is executed or believed, and the system works on.
/// </summary>
public sealed class TrustAttackTests : IAsyncLifetime
{
    private const int Forgeries = 250;

    private readonly SystemParts parts = new(limit: TimeSpan.FromMinutes(3));
    private NatsServer server = null!;
    private TrustedParts trust = null!;
    private RunningController controller = null!;

    private CancellationToken Token => parts.Token;

    private string Evil => Path.Join(parts.Directory, "evil");

    private OsapiClient Client => controller.Client;

    public async ValueTask InitializeAsync()
    {
        server = parts.Keep(await NatsServer.StartAsync());
        trust = new(parts, server);
        var agentTransports = new[] { "web-01", "db-01" };
        foreach (var name in agentTransports)
            await trust.AgentTransportAsync(name);
        controller = await trust.StartControllerAsync();
        foreach (var name in agentTransports)
            await trust.StartAgentAsync(name);
        await UntilAsync(async () => (await Client.Agent.ListAsync(cancellationToken: Token)).Agents.Count(agent => agent.Status == AgentStatus.Ready) == 2);
    }

    public async ValueTask DisposeAsync()
    {
        await parts.DisposeAsync();
        trust.Dispose();
    }

    [Fact]
    public async Task No_forged_altered_replayed_or_misaddressed_command_runs()
    {
        var marker = Path.Join(parts.Directory, "marker");
        Assert.True((await Client.Command.ShellAsync("web-01", new() { Command = $"echo x >> {marker}" }, cancellationToken: Token)).AllSucceeded);
        Assert.True((await Client.Command.ShellAsync("_any", new() { Command = $"echo x >> {marker}" }, cancellationToken: Token)).AllSucceeded);
        var attacker = await trust.ConnectAsync();
        var genuine = await LastCommandAsync(attacker, "web-01");
        var otherKey = await trust.AgentTransportAsync("db-01");

        for (var i = 0; i < Forgeries; i++)
        {
            var job = JobIds.Of($"{i + 1}");
            var forged = JobJson.Bytes(new JobCommand { Kind = CommandKind.Run, JobId = job, Operation = "command.shell.execute", Request = Encoding.UTF8.GetBytes($$"""{"command":"touch {{Evil}}"}"""), StartWithin = 3600 });
            var altered = genuine.Payload.ToArray();
            altered[i % altered.Length] ^= (byte)(1 << (i % 8));
            await attacker.AppendAsync([new(StreamName.Commands, Subjects.Command("web-01", job), forged)], Token);
            await attacker.AppendAsync([new(StreamName.WorkQueue, Subjects.Any, forged)], Token);
            await attacker.AppendAsync([new(StreamName.Commands, genuine.Subject, altered)], Token);
            // To another job, to another host, and once more to itself.
            await attacker.AppendAsync([new(StreamName.Commands, Subjects.Command("web-01", job), genuine.Payload)], Token);
            await attacker.AppendAsync([new(StreamName.Commands, genuine.Subject.Replace("web-01", "db-01", StringComparison.Ordinal), genuine.Payload)], Token);
            await attacker.AppendAsync([new(StreamName.Commands, genuine.Subject, genuine.Payload)], Token);
            // With a key that is valid, but another host's.
            await otherKey.AppendAsync([new(StreamName.Commands, Subjects.Command("web-01", job), forged)], Token);
            await otherKey.AppendAsync([new(StreamName.WorkQueue, Subjects.Quick, forged)], Token);
        }

        // Hosts that run this have read everything before.
        foreach (var host in (string[])["web-01", "db-01", "_any"])
            Assert.True((await Client.Node.HostnameAsync(host, cancellationToken: Token)).AllSucceeded);
        Assert.False(File.Exists(Evil));
        Assert.Equal(2, (await File.ReadAllLinesAsync(marker, Token)).Length);
        Assert.Contains(trust.Logs.Lines, line => line.Contains("Skipped in commands", StringComparison.Ordinal));
        Assert.Contains(trust.Logs.Lines, line => line.Contains("Skipped in queue", StringComparison.Ordinal));
        Assert.True(trust.Logs.Lines.Count(line => line.Contains("Skipped in", StringComparison.Ordinal)) < 50, "the log is flooded");
    }

    [Fact]
    public async Task No_forged_state_record_or_result_is_believed()
    {
        var attacker = await trust.ConnectAsync();
        var otherKey = await trust.AgentTransportAsync("db-01");
        var gate = Path.Join(parts.Directory, "gate");
        var running = Client.Command.ShellAsync("web-01", new() { Command = $"while [ ! -e {gate} ]; do sleep 0.05; done; echo genuine", Timeout = 60 }, cancellationToken: Token);
        var any = Client.Command.ShellAsync("_any", new() { Command = $"while [ ! -e {gate} ]; do sleep 0.05; done; echo genuine", Timeout = 60 }, cancellationToken: Token);
        await UntilAsync(async () => (await Client.Health.StatusAsync(cancellationToken: Token)).Jobs!.Processing == 2);
        var jobs = await Client.Job.ListAsync(cancellationToken: Token);

        foreach (var job in jobs.Items)
            foreach (var executor in (string[])["web-01", "db-01", "_any"])
                foreach (var host in (string[])["web-01", "db-01"])
                {
                    var subject = Subjects.State(job.Id, executor);
                    foreach (var kind in Enum.GetValues<JobEventKind>())
                    {
                        var forged = JobJson.Bytes(new JobEvent { Kind = kind, Host = host, Ledger = "x", Session = "x", Outcome = kind == JobEventKind.Finished ? Outcome.Ok : null });
                        await attacker.AppendAsync([new(StreamName.Jobs, subject, forged)], Token);
                        await otherKey.AppendAsync([new(StreamName.Jobs, subject, forged)], Token);
                    }

                    // What was written for one place, at another.
                    var genuine = await attacker.ReadAsync(StreamName.Jobs, subject, 0, 1, Token);
                    foreach (var message in genuine)
                        foreach (var to in (string[])["web-01", "db-01", "_any"])
                            await attacker.AppendAsync([new(StreamName.Jobs, Subjects.State(job.Id, to), message.Payload)], Token);
                }

        for (var i = 0; i < Forgeries; i++)
        {
            var id = JobIds.Of($"{i + 1}");
            JobRecord record = new() { Id = id, Operation = "node.hostname.get", Request = JobRecord.NoRequest, Target = "web-01", Hosts = ["web-01"], Created = attacker.ServerNow, StartWithin = 10, Timeout = 10 };
            await attacker.AppendAsync([new(StreamName.Jobs, Subjects.Record(id), JobJson.Bytes(record))], Token);
            await attacker.AppendAsync([new(StreamName.Jobs, Subjects.Record(jobs.Items[i % 2].Id), JobJson.Bytes(record.Tombstone(Deletion.Begun) with { Id = jobs.Items[i % 2].Id }))], Token);
            await otherKey.AppendAsync([new(StreamName.Jobs, Subjects.Record(id), JobJson.Bytes(record))], Token);
        }

        await File.WriteAllTextAsync(gate, "", Token);
        Assert.Equal("genuine\n", Assert.Single((await running).Hosts).Result?.Stdout);
        Assert.Equal("genuine\n", Assert.Single((await any).Hosts).Result?.Stdout);
        Assert.Equal(2, (await Client.Job.ListAsync(cancellationToken: Token)).Items.Count);
        Assert.Contains(controller.Logs.Lines, line => line.Contains("Skipped in jobs", StringComparison.Ordinal));
        Assert.True(controller.Logs.Lines.Count(line => line.Contains("Skipped in", StringComparison.Ordinal)) < 50, "the log is flooded");
    }

    [Fact]
    public async Task No_forged_record_drain_heartbeat_or_cancel_of_a_host_is_believed()
    {
        var attacker = await trust.ConnectAsync();
        var otherKey = await trust.AgentTransportAsync("db-01");
        var gate = Path.Join(parts.Directory, "gate");
        var running = Client.Command.ShellAsync("web-01", new() { Command = $"while [ ! -e {gate} ]; do sleep 0.05; done; echo genuine", Timeout = 60 }, cancellationToken: Token);
        await UntilAsync(async () => (await Client.Health.StatusAsync(cancellationToken: Token)).Jobs!.Processing == 1);
        var job = Assert.Single((await Client.Job.ListAsync(cancellationToken: Token)).Items).Id;

        foreach (var transport in (ITransport[])[attacker, otherKey])
            for (var i = 0; i < Forgeries; i++)
            {
                await transport.Hosts.PutAsync("web-01", JobJson.Bytes(new AgentInfo { Hostname = "web-01", Ledger = "evil", Session = "evil", StartedAt = attacker.ServerNow, RegisteredAt = attacker.ServerNow, UpdatedAt = attacker.ServerNow }), null, Token);
                await transport.Hosts.PutAsync($"evil-{i}", JobJson.Bytes(new AgentInfo { Hostname = $"evil-{i}", Ledger = "evil", Session = "evil", StartedAt = attacker.ServerNow, RegisteredAt = attacker.ServerNow, UpdatedAt = attacker.ServerNow }), null, Token);
                await transport.Roster.PutAsync("web-01", Roster.Bytes(new RosterEntry { Name = "web-01", Version = 1_000_000 + i, Drain = new(attacker.ServerNow, "evil", "evil") }), null, Token);
                await transport.Signals.SendAsync(Subjects.RecordChanged("web-01"), default, Token);
                await transport.Signals.SendAsync(Subjects.Claim("web-01"), JobJson.Bytes(new AgentClaim { Ledger = "evil", Session = "evil" }), Token);
                await transport.Signals.SendAsync(Subjects.Heartbeat("web-01"), "{}"u8.ToArray(), Token);
                await transport.AppendAsync([new(StreamName.Commands, Subjects.Command("web-01", job), JobJson.Bytes(new JobCommand { Kind = CommandKind.Cancel, JobId = job }))], Token);
            }

        Assert.True((await Client.Node.HostnameAsync("web-01", cancellationToken: Token)).AllSucceeded);
        await File.WriteAllTextAsync(gate, "", Token);
        Assert.Equal("genuine\n", Assert.Single((await running).Hosts).Result?.Stdout);
        // The agent writes its record again, and the roster keeps the operators' word.
        await UntilAsync(async () => await Client.Agent.GetAsync("web-01", cancellationToken: Token) is { State: AgentState.Ready, Status: AgentStatus.Ready });
        Assert.True(trust.Logs.Lines.Concat(controller.Logs.Lines).Count(line => line.Contains("Skipped in", StringComparison.Ordinal)) < 50, "the log is flooded");
        Assert.Equal(["db-01", "web-01"], (await Client.Agent.ListAsync(cancellationToken: Token)).Agents.Select(agent => agent.Hostname).Order());
    }

    [Fact]
    public async Task Requests_and_results_of_others_cannot_be_read()
    {
        const string Canary = "canary-4711";
        Assert.True((await Client.Command.ShellAsync("web-01", new() { Command = $"echo {Canary}" }, cancellationToken: Token)).AllSucceeded);
        Assert.True((await Client.Command.ShellAsync("_any", new() { Command = $"echo {Canary}" }, cancellationToken: Token)).AllSucceeded);

        // Too large for a message.
        var large = await Client.Command.ShellAsync("web-01", new() { Command = $"yes {Canary} | head -c 600000" }, cancellationToken: Token);
        Assert.Equal(600_000, Assert.Single(large.Hosts).Result?.Stdout.Length);

        var attacker = await trust.ConnectAsync();
        var otherKey = await trust.AgentTransportAsync("db-01");
        var read = 0;
        foreach (var stream in Enum.GetValues<StreamName>())
        {
            var last = (await attacker.StateAsync(stream, Token)).LastSequence;
            foreach (var transport in (ITransport[])[attacker, otherKey])
            {
                if (last == 0 || stream == StreamName.WorkQueue)
                    continue;
                await foreach (var message in transport.FollowAsync(stream, "", 0, Token))
                {
                    read++;
                    // db-01 reads what it ran itself.
                    if (message.Signer.HostKey != "db-01")
                        Assert.DoesNotContain(Canary, Encoding.Latin1.GetString(message.Payload.Span), StringComparison.Ordinal);
                    if (message.Sequence == last)
                        break;
                }
            }
        }

        Assert.True(read > 10);
        foreach (var file in Directory.EnumerateFiles(server.Directory, "*", SearchOption.AllDirectories))
            Assert.DoesNotContain(Canary, Encoding.Latin1.GetString(await ReadAsync(file)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_forged_large_result_or_output_is_believed()
    {
        Assert.True((await Client.Command.ShellAsync("web-01", new() { Command = "yes genuine | head -c 600000" }, cancellationToken: Token)).AllSucceeded);
        var job = Assert.Single((await Client.Job.ListAsync(cancellationToken: Token)).Items).Id;
        Assert.Contains("genuine", await OutputAsync(job), StringComparison.Ordinal);
        var attacker = await trust.ConnectAsync();
        var name = JobEntries.NameOf("web-01", job, "web-01");
        var forged = Encoding.UTF8.GetBytes("""{"hostname":"web-01","outcome":"ok","result":{"stdout":"evil"}}""");

        foreach (var transport in (ITransport[])[attacker, await trust.AgentTransportAsync("db-01")])
        {
            await transport.Results.PutAsync(name, new MemoryStream(forged), null, Token);
            await transport.Results.PutAsync($"{name}/stdout/00000001", new MemoryStream(Encoding.UTF8.GetBytes(new string('e', 512 * 1024))), null, Token);
            Assert.DoesNotContain("evil", $"{(await Client.Job.GetAsync(job, cancellationToken: Token)).Result}", StringComparison.Ordinal);
            Assert.DoesNotContain("eeee", await OutputAsync(job), StringComparison.Ordinal);
        }
    }

    // Nothing when it is not what its host wrote.
    private async Task<string> OutputAsync(JobId job)
    {
        try
        {
            await using var output = await Client.Job.OpenOutputAsync(job, cancellationToken: Token);
            using StreamReader reader = new(output);
            return await reader.ReadToEndAsync(Token);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or ApiException)
        {
            return "";
        }
    }

    [Fact]
    public async Task An_agent_asks_a_controller_before_it_starts_what_another_host_may_have_started()
    {
        Assert.True((await Client.Command.ShellAsync("_any", new() { Command = $"echo x >> {Path.Join(parts.Directory, "marker")}" }, cancellationToken: Token)).AllSucceeded);
        var job = Assert.Single((await Client.Job.ListAsync(cancellationToken: Token)).Items).Id;
        var host = (await Client.Job.GetAsync(job, cancellationToken: Token)).Responses.Keys.Single();
        var other = await trust.AgentTransportAsync(host == "web-01" ? "db-01" : "web-01");

        ExecutorLog log = new(other, job, HostKey.Any);
        await log.ReadAsync(Token);

        // It cannot read the other's states, and knows them all the same.
        Assert.Equal(JobEventKind.Finished, log.Fold.State?.Event.Kind);
        Assert.Equal(host, log.Fold.State?.Event.Host);
        Assert.False(await log.AppendAsync(new() { Kind = JobEventKind.Start, Host = "x", Ledger = "x", Session = "x" }, condition: null, Token));

        // Without a controller it does not decide.
        await parts.StopAsync(controller);
        ExecutorLog alone = new(other, job, HostKey.Any);
        await Assert.ThrowsAsync<TransportException>(() => alone.ReadAsync(Token));
    }

    [Fact]
    public async Task A_repeated_record_hides_no_state_from_an_agent_that_asks_for_it()
    {
        Assert.True((await Client.Command.ShellAsync("_any", new() { Command = $"echo x >> {Path.Join(parts.Directory, "marker")}" }, cancellationToken: Token)).AllSucceeded);
        var job = Assert.Single((await Client.Job.ListAsync(cancellationToken: Token)).Items).Id;
        var host = (await Client.Job.GetAsync(job, cancellationToken: Token)).Responses.Keys.Single();
        var attacker = await trust.ConnectAsync();
        var record = (await attacker.LastAsync(StreamName.Jobs, Subjects.Record(job), Token))!;

        await attacker.AppendAsync([new(StreamName.Jobs, Subjects.Record(job), record.Payload)], Token);

        ExecutorLog log = new(await trust.AgentTransportAsync(host == "web-01" ? "db-01" : "web-01"), job, HostKey.Any);
        await log.ReadAsync(Token);
        Assert.Equal(JobEventKind.Finished, log.Fold.State?.Event.Kind);
        Assert.Equal(host, log.Fold.State?.Event.Host);
    }

    private async Task<Message> LastCommandAsync(ITransport attacker, string host)
    {
        var job = (await Client.Job.ListAsync(cancellationToken: Token)).Items.Single(found => found.Target == host).Id;
        return (await attacker.LastAsync(StreamName.Commands, Subjects.Command(host, job), Token))!;
    }

    private async Task<byte[]> ReadAsync(string file)
    {
        await using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        MemoryStream kept = new();
        await stream.CopyToAsync(kept, Token);
        return kept.ToArray();
    }

    private async Task UntilAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Token);
    }
}
