using System.Text;
using NATS.Client.Core;
using NATS.Client.JetStream;
using Osapi.Operations;
using Osapi.Transport.Jobs;
using Osapi.Transport.Nats;
using Osapi.Transport.Tests.Contract;

namespace Osapi.Transport.Tests.Nats;

/// <summary>Tests that an attacker with an agent and its account on the broker cannot harm others' data.</summary>
public sealed class HostileAgentTests(ITestOutputHelper output)
{
    private static readonly JobId Job = JobIds.Of("1");

    private const string Host = AccountBroker.Host;
    private const int Large = 600_000;
    private const int Longest = 180_000;

    private static readonly string[] Streams =
        ["OSAPI_JOB", "OSAPI_CMD", "OSAPI_ANY", "KV_osapi_hosts", "KV_osapi_roster", "OBJ_osapi_results", "OBJ_osapi_files", "OBJ_osapi_requests"];

    private static readonly string[] Others =
    [
        "$KV.osapi_hosts.db-01", "$KV.osapi_roster.db-01", "$KV.osapi_roster.web-01", "$KV.osapi_roster._index", $"osapi.cmd.{Subjects.Command("db-01", Job)}", $"osapi.cmd.cmd.web-01.{Job}", "osapi.any.any", $"osapi.job.job.{Job}",
        $"osapi.job.state.{Job}.db-01", $"$O.osapi_results.M.db-01.{ResultToken}", "$O.osapi_results.C.db-01.1", $"$O.osapi_results.M.{ResultToken}", "$O.osapi_files.M.ZmlsZQ==", "$O.osapi_files.C.1", "$O.osapi_requests.M.ZmlsZQ==", "$O.osapi_requests.C.1",
    ];

    private static readonly string[] Requests =
    [
        .. Streams.SelectMany(stream => new[]
        {
            $"STREAM.PURGE.{stream}", $"STREAM.DELETE.{stream}", $"STREAM.UPDATE.{stream}", $"STREAM.CREATE.{stream}", $"STREAM.MSG.DELETE.{stream}", $"STREAM.SNAPSHOT.{stream}", $"STREAM.RESTORE.{stream}",
            $"STREAM.LEADER.STEPDOWN.{stream}", $"STREAM.PEER.REMOVE.{stream}", $"CONSUMER.CREATE.{stream}.evil", $"CONSUMER.DURABLE.CREATE.{stream}.evil", $"CONSUMER.LIST.{stream}", $"CONSUMER.NAMES.{stream}",
        }),
        "CONSUMER.DELETE.OSAPI_ANY.any", "CONSUMER.CREATE.OSAPI_CMD.evil.osapi.cmd.cmd.>", "CONSUMER.CREATE.OSAPI_CMD.evil.osapi.cmd.cmd.db-01.>", "CONSUMER.CREATE.OSAPI_JOB.evil.osapi.job.>",
    ];

    private static string ResultToken => Convert.ToBase64String("db-01/1.db-01"u8).Replace('+', '-').Replace('/', '_');

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = Longest)]
    public async Task Data_of_others_stays_unchanged_by_any_publish_or_request_of_an_agent()
    {
        await using var broker = await AccountBroker.StartAsync();
        await using var controller = await NatsTransport.ConnectAsync(broker.Controller, TestContext.Current.CancellationToken);
        await using var agent = await NatsTransport.ConnectAsync(broker.Agent, Token);
        await using var administrator = broker.AttackerOfControllers();
        await FillAsync(controller, agent);
        var before = await SeenAsync(new(administrator));

        await using var attacker = broker.Attacker();
        var sent = await AttackAsync(attacker);
        await attacker.PingAsync(Token);
        // Answers that the attacker made the broker send are on their way while it answers these.
        for (var i = 0; i < 20; i++)
            await controller.PingAsync(Token);

        output.WriteLine($"{sent} messages were sent, {before.Count} subjects are as they were");
        Assert.Equal(before, await SeenAsync(new(administrator)));
        await using var result = await controller.Results.OpenAsync("db-01/1.db-01", Token);
        await result!.CopyToAsync(Stream.Null, Token);
        Assert.Equal("record", (await controller.Hosts.GetAsync("db-01", Token))!.Text());
        Assert.Equal("word", (await controller.Roster.GetAsync(Host, Token))!.Text());
        // And the agent itself still works.
        await agent.PingAsync(Token);
        Assert.NotNull(await agent.Roster.GetAsync(Host, Token));
    }

    [Fact(Timeout = Longest)]
    public async Task No_message_of_an_agent_rolls_anything_up_and_none_is_larger_than_a_command()
    {
        await using var broker = await AccountBroker.StartAsync();
        await using var controller = await NatsTransport.ConnectAsync(broker.Controller, TestContext.Current.CancellationToken);
        await using var attacker = broker.Attacker();
        NatsJSContext context = new(attacker, new NatsJSOpts(attacker.Opts, apiPrefix: AccountBroker.AgentApi));

        foreach (var subject in (string[])[$"$KV.osapi_hosts.{Host}", $"$O.osapi_results.M.{Host}.x", $"$O.osapi_results.C.{Host}.x", $"osapi.job.state.{Job}.{Host}", $"osapi.job.state.{Job}._any", "osapi.clock.1"])
            foreach (var scope in (string[])["all", "sub"])
                Assert.Equal("rollup not permitted", (await context.PublishAsync(subject, Array.Empty<byte>(), headers: new() { ["Nats-Rollup"] = scope }, cancellationToken: Token)).Error?.Description);
        var huge = await context.PublishAsync($"$KV.osapi_hosts.{Host}", new byte[(512 * 1024) + 1], cancellationToken: Token);
        Assert.Equal("message size exceeds maximum allowed", huge.Error?.Description);

        // It may write its own record, and also remove it: the keys of others do not change.
        await controller.Hosts.PutAsync("db-01", "record"u8.ToArray(), null, Token);
        foreach (var operation in (string[])["DEL", "PURGE"])
            Assert.Null((await context.PublishAsync($"$KV.osapi_hosts.{Host}", Array.Empty<byte>(), headers: new() { ["KV-Operation"] = operation, ["Nats-TTL"] = "1s" }, cancellationToken: Token)).Error);
        Assert.Equal(["db-01"], (await controller.Hosts.ListAsync(Token)).Select(value => value.Key));
    }

    [Fact(Timeout = Longest)]
    public async Task Messages_that_the_broker_copied_to_another_subject_are_read_as_empty()
    {
        // Within one account, where permissions do not cover reply subjects.
        await using var server = await NatsServer.StartAsync();
        await using var transport = await NatsTransport.ConnectAsync(new() { Urls = [server.Url] }, TestContext.Current.CancellationToken);
        await using NatsConnection attacker = new(new() { Url = server.Url });
        await transport.Hosts.PutAsync("web-01", "forged"u8.ToArray(), null, Token);

        foreach (var subject in (string[])[$"osapi.cmd.{Subjects.Command("db-01", Job)}", "osapi.any.any", "$KV.osapi_roster.db-01"])
            await attacker.PublishAsync("$JS.API.DIRECT.GET.KV_osapi_hosts.$KV.osapi_hosts.web-01", Array.Empty<byte>(), replyTo: subject, cancellationToken: Token);

        await using var commands = transport.FollowAsync(StreamName.Commands, Subjects.CommandsOf("db-01"), 0, Token).GetAsyncEnumerator(Token);
        Assert.True((await commands.NextAsync()).Payload.IsEmpty);
        Assert.True((await transport.LastAsync(StreamName.Commands, Subjects.Command("db-01", Job), Token))!.Payload.IsEmpty);
        Assert.True((await transport.DequeueAsync(Token)).Message.Payload.IsEmpty);
        Assert.True((await transport.Roster.GetAsync("db-01", Token))!.Value.IsEmpty);
    }

    /// <summary>Writes everything that others have, and an own record that an answer could copy elsewhere.</summary>
    private static async Task FillAsync(NatsTransport controller, NatsTransport agent)
    {
        await controller.Hosts.PutAsync("db-01", "record"u8.ToArray(), null, Token);
        foreach (var key in (string[])[Host, "db-01", Roster.IndexKey])
            await controller.Roster.PutAsync(key, "word"u8.ToArray(), null, Token);
        await controller.AppendAsync(
            [
                new(StreamName.Jobs, Subjects.Record(Job), "record"u8.ToArray()), new(StreamName.Jobs, Subjects.State(Job, "db-01"), "state"u8.ToArray()),
                new(StreamName.Commands, Subjects.Command("db-01", Job), "command"u8.ToArray()), new(StreamName.Commands, Subjects.Command(Host, Job), "command"u8.ToArray()),
                new(StreamName.WorkQueue, Subjects.Any, "queued"u8.ToArray()),
            ], Token);
        await controller.Files.PutAsync("file", new Noise(Large), null, Token);
        await controller.Requests.PutAsync("file", new Noise(Large), null, Token);
        await controller.Results.PutAsync("db-01/1.db-01", new Noise(Large), null, Token);
        await controller.Results.PutAsync("1.db-01", new Noise(Large), null, Token);
        await agent.Hosts.PutAsync(Host, default, null, Token);
    }

    // Its own part may change: the record, states, results and the clock.
    private static async Task<SortedDictionary<string, string>> SeenAsync(NatsJSContext context)
    {
        SortedDictionary<string, string> seen = new(StringComparer.Ordinal);
        foreach (var name in Streams)
        {
            var stream = await context.GetStreamAsync(name, new() { SubjectsFilter = ">" }, Token);
            seen[name] = $"{stream.Info.Created:O} {string.Join(' ', stream.Info.Config.Subjects!)} {stream.Info.Config.AllowRollupHdrs}";
            foreach (var (subject, count) in stream.Info.State.Subjects ?? new Dictionary<string, long>())
                if (!subject.EndsWith($".{Host}", StringComparison.Ordinal) || subject.StartsWith("$KV.osapi_roster", StringComparison.Ordinal))
                    if (!subject.StartsWith("osapi.clock.", StringComparison.Ordinal) && !subject.EndsWith("._any", StringComparison.Ordinal) && !subject.Contains($".{Host}.x", StringComparison.Ordinal))
                        seen[subject] = $"{count}, the last at {(await stream.GetAsync(new() { LastBySubj = subject }, Token)).Message.Seq}";
        }

        foreach (var consumer in (string[])["any"])
            seen[consumer] = $"{(await context.GetConsumerAsync("OSAPI_ANY", consumer, Token)).Info.Created:O}";
        return seen;
    }

    private static async Task<int> AttackAsync(NatsConnection attacker)
    {
        var sent = 0;
        string[] own = [$"$KV.osapi_hosts.{Host}", $"osapi.job.state.{Job}.{Host}", $"osapi.job.state.{Job}._any", $"$O.osapi_results.M.{Host}.x", $"$O.osapi_results.C.{Host}.x", "osapi.clock.1"];
        string[] allowed =
        [
            "STREAM.INFO.OSAPI_JOB", "STREAM.MSG.GET.OSAPI_JOB", "STREAM.MSG.GET.OBJ_osapi_files", "DIRECT.GET.OBJ_osapi_files", "STREAM.MSG.GET.OBJ_osapi_requests", "DIRECT.GET.OBJ_osapi_requests", "CONSUMER.INFO.OSAPI_ANY.any", "CONSUMER.MSG.NEXT.OSAPI_ANY.any", "CONSUMER.MSG.NEXT.OSAPI_CMD.evil",
            $"DIRECT.GET.KV_osapi_hosts.$KV.osapi_hosts.{Host}", $"DIRECT.GET.OSAPI_CMD.osapi.cmd.cmd.{Host}.{Job}", $"DIRECT.GET.KV_osapi_roster.$KV.osapi_roster.{Host}",
        ];
        // Requests that need no more than an empty message, or accept any.
        string[] victims = [.. Others, .. Requests.Where(request => request.StartsWith("STREAM.PURGE.", StringComparison.Ordinal) || request.StartsWith("STREAM.DELETE.", StringComparison.Ordinal)).SelectMany(request => new[] { $"$JS.API.{request}", $"{AccountBroker.AgentApi}.{request}" })];
        NatsHeaders[] headers =
        [
            new() { ["Nats-Rollup"] = "all" }, new() { ["Nats-Rollup"] = "sub" }, new() { ["KV-Operation"] = "DEL" }, new() { ["KV-Operation"] = "PURGE", ["Nats-Rollup"] = "sub" },
            new() { ["Nats-TTL"] = "1s" }, new() { ["Nats-Expected-Last-Sequence"] = "0" }, new() { ["Nats-Expected-Stream"] = "OSAPI_JOB" }, new() { ["Nats-Msg-Id"] = "1" }, new() { ["Nats-Schedule"] = "@every 1s" },
        ];

        foreach (var subject in own.Concat(Others))
            foreach (var header in headers.Append(null))
                await SendAsync(subject, "forged", header, replyTo: null);
        // The own key empty, and with the content of a possible request.
        foreach (var content in (string[])["", "{}"])
        {
            await SendAsync($"$KV.osapi_hosts.{Host}", content, null, null);
            foreach (var prefix in (string[])["$JS.API", AccountBroker.AgentApi])
            {
                foreach (var request in Requests)
                    await SendAsync($"{prefix}.{request}", content, null, "_INBOX.evil");
                foreach (var victim in victims)
                    foreach (var request in allowed)
                        await SendAsync($"{prefix}.{request}", "", null, victim);
            }
        }

        // Answers that are requests themselves, or go to a subject that the agent may publish to.
        foreach (var request in allowed.Where(request => !request.Contains("OSAPI_ANY", StringComparison.Ordinal)).Select(request => $"{AccountBroker.AgentApi}.{request}").Concat(own))
            foreach (var place in (string[])[.. own, .. allowed.Select(request => $"{AccountBroker.AgentApi}.{request}"), $"{AccountBroker.AgentApi}.CONSUMER.CREATE.OSAPI_CMD.evil.osapi.cmd.cmd.{Host}.x"])
                await SendAsync(request, "", null, place);

        // A consumer that pushes messages to a subject of others.
        foreach (var victim in victims)
            await SendAsync(
                $"{AccountBroker.AgentApi}.CONSUMER.CREATE.OSAPI_CMD.evil.osapi.cmd.cmd.{Host}.*",
                $$$"""{"stream_name":"OSAPI_CMD","config":{"name":"evil","filter_subject":"osapi.cmd.cmd.{{{Host}}}.*","ack_policy":"none","deliver_policy":"all","mem_storage":true,"num_replicas":1,"deliver_subject":"{{{victim}}}"}}""",
                null, "_INBOX.evil");
        return sent;

        async Task SendAsync(string subject, string content, NatsHeaders? header, string? replyTo)
        {
            sent++;
            NatsHeaders? copy = header is null ? null : new(header.ToDictionary());
            await attacker.PublishAsync(subject, Encoding.UTF8.GetBytes(content), headers: copy, replyTo: replyTo, cancellationToken: Token);
        }
    }
}
