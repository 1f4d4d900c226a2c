using System.Globalization;
using System.Text;
using System.Text.Json;
using NATS.Client.Core;
using Osapi.Operations;
using Osapi.Operations.Jobs;
using Osapi.Transport.Jobs;
using Osapi.Transport.Trust;

namespace Osapi.Controller.Tests.Attacks;

/// <summary>
/// Tests of attackers on a broker with the accounts that <c>osapi nats permissions</c> prints: one has an agent's credentials, the other one the controllers' account
/// without their key. Nothing of theirs is executed or believed; each message is refused by the broker, or counted by its reader; honest jobs go on.
/// </summary>
[CollectionDefinition(nameof(BrokerAttackTests), DisableParallelization = true), Collection(nameof(BrokerAttackTests))]
public sealed class BrokerAttackTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string Canary = "canary-of-a-command-4711";
    private const string ResultCanary = "canary-of-a-result-0815";
    private const string Stored = "content of a stored file";

    // Some 1,000 with the full account.
    private const int Each = 8;
    private const int HonestAfter = 150;

    private static readonly TimeSpan CountTimeout = TimeSpan.FromSeconds(2);

    // Its genuine content is accepted again, and changes nothing.
    private static readonly string[] Listed = ["request to enroll"];

    private readonly int seed = int.Parse(Environment.GetEnvironmentVariable("OSAPI_TEST_SEED") ?? $"{Random.Shared.Next()}", CultureInfo.InvariantCulture);
    private readonly List<JobId> known = [];
    private AttackedFleet fleet = null!;
    private EnvelopeForge forge = null!;
    private Task<string> running = null!;
    private JobId runningId;
    private int honestRuns;

    private CancellationToken Token => fleet.Token;

    private string Evil => Path.Join(fleet.Directory, "evil");

    private string Marker => Path.Join(fleet.Directory, "marker");

    private string Gate => Path.Join(fleet.Directory, "gate");

    public async ValueTask InitializeAsync()
    {
        output.WriteLine($"seed {seed}");
        fleet = await AttackedFleet.StartAsync();
        forge = new(fleet.Controllers, fleet.EvilKeys);
        // The genuine messages that attackers alter, repeat and move: of jobs that ended, with small and large results, and of one that runs.
        foreach (var target in (string[])["web-01", "db-01", "_any"])
            await ShellAsync(target, $": {Canary}; echo {ResultCanary}");
        await ShellAsync("web-01", $"yes {ResultCanary} | head -c 600000");
        await fleet.Client.Command.ExecAsync("web-01", new() { Command = "true", Args = [.. Enumerable.Repeat(string.Concat(Enumerable.Repeat(Canary, 4000)), 4)] }, cancellationToken: Token);
        await fleet.Client.File.UploadAsync("stored", new MemoryStream(Encoding.UTF8.GetBytes(Stored)), cancellationToken: Token);
        running = RunAsync();
        while ((await fleet.Client.Health.StatusAsync(cancellationToken: Token)).Jobs!.Processing == 0)
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Token);
        var jobs = (await fleet.Client.Job.ListAsync(new() { Limit = 100 }, cancellationToken: Token)).Items;
        known.AddRange(jobs.Select(job => job.Id));
        runningId = jobs.Single(job => job.Status == JobStatus.Processing).Id;
        await fleet.Client.Agent.DrainAsync("db-01", "test", cancellationToken: Token);
        await fleet.Client.Agent.UndrainAsync("db-01", cancellationToken: Token);
        await HonestAsync();
        await fleet.Recording.CatchUpAsync(Token);

        async Task<string> RunAsync() =>
            Assert.Single((await fleet.Client.Command.ShellAsync("web-01", new() { Command = $"while [ ! -e {Gate} ]; do sleep 0.05; done; echo genuine", Timeout = 200 }, cancellationToken: Token)).Hosts).Result?.Stdout ?? "";
    }

    public async ValueTask DisposeAsync()
    {
        forge?.Dispose();
        if (fleet is not null)
            await fleet.DisposeAsync();
    }

    [Fact]
    public async Task Nothing_is_believed_of_the_full_account_of_the_broker_without_the_controllers_key()
    {
        var before = await BeliefsAsync();
        await using NatsConnection attacker = new(fleet.FullAccount);
        var attacks = Shuffled(new AttackGenerator(Kinds(), fleet.Recording.Messages, forge, seed).All(Each));

        var uncounted = await AttackAsync(attacker, attacks, static _ => true);

        Report(attacks);
        Assert.True(attacks.Count >= 1000, $"{attacks.Count} attacks");
        Assert.Equal([], uncounted.Where(IsToBeCounted).Select(Describe));
        await AssertNothingBelievedAsync(before);
    }

    [Fact]
    public async Task Nothing_is_believed_of_an_agents_credentials_and_the_broker_refuses_what_is_not_its_own()
    {
        var before = await BeliefsAsync();
        await using NatsConnection attacker = new(fleet.EvilAccount);
        var attacks = Shuffled([.. new AttackGenerator([.. Kinds(), .. new AttackKinds(known, fleet.EvilKeys, Evil).Objects], fleet.Recording.Messages, forge, seed).All(Each), .. new AttackGenerator(OwnKinds(), fleet.Recording.Messages, forge, seed).All(Each)]);
        var recorded = fleet.Recording.Messages.Count;

        var uncounted = await AttackAsync(attacker, attacks, attack => IsOwn(attack.Subject));

        await attacker.PingAsync(Token);
        await fleet.Recording.CatchUpAsync(Token);
        Report(attacks);
        var arrived = fleet.Recording.Messages.Skip(recorded).Select(message => (message.Subject, Convert.ToHexString(message.Payload))).ToHashSet();
        var passed = attacks.Where(attack => arrived.Contains((attack.Subject, Convert.ToHexString(attack.Payload)))).ToList();
        output.WriteLine($"{attacks.Count - passed.Count} were refused by the broker");
        Assert.True(attacks.Count >= 1000, $"{attacks.Count} attacks");
        Assert.Equal([], passed.Where(attack => !IsOwn(attack.Subject)).Select(Describe));
        Assert.NotEmpty(passed);
        using (StreamReader file = new(await fleet.Client.File.DownloadAsync("stored", Token)))
            Assert.Equal(Stored, await file.ReadToEndAsync(Token));
        Assert.Equal([], uncounted.Where(IsToBeCounted).Select(Describe));
        await AssertNothingBelievedAsync(before);
    }

    [Fact]
    public async Task Repeated_and_reordered_messages_change_nothing()
    {
        var before = await BeliefsAsync();
        await using NatsConnection attacker = new(fleet.FullAccount);
        string[] names = ["record", "state", "command", "queued job", "roster entry", "question for a state", "request to enroll", "reply to an enrolment", "confirmed state", "notice of a change"];
        var attacks = Shuffled(new AttackGenerator(Kinds(), fleet.Recording.Messages, forge, seed).Repeated(names, 6 * Each));

        var uncounted = await AttackAsync(attacker, attacks, static attack => attack.Kind.Name is "record" or "state");

        Report(attacks);
        Assert.Equal([], uncounted.Select(Describe));
        await AssertNothingBelievedAsync(before);
    }

    [Fact]
    public async Task Repeated_records_of_a_host_end_no_agent_and_are_replaced()
    {
        var before = await BeliefsAsync();
        await using NatsConnection attacker = new(fleet.FullAccount);
        var records = fleet.Recording.Messages.Where(message => message.Subject == "$KV.osapi_hosts.db-01" && message.Payload.Length > 1).ToList();
        var notice = fleet.Recording.Messages.Last(message => message.Subject == "osapi.signal.look.db-01");
        Assert.True(records.Count > 2);

        foreach (var record in records[..^1])
        {
            var recorded = fleet.Recording.Messages.Count;
            await attacker.PublishAsync(record.Subject, record.Payload, cancellationToken: Token);
            // The agent looks at its record every 10 seconds, or when it is told to, as by the notice of the drain once more.
            await attacker.PublishAsync(notice.Subject, notice.Payload, cancellationToken: Token);
            while (!fleet.Recording.Messages.Skip(recorded).Any(message => message.Subject == record.Subject && !message.Payload.AsSpan().SequenceEqual(record.Payload)))
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Token);
            await HonestAsync();
        }

        await AssertNothingBelievedAsync(before, hasSkipped: false);
    }

    [Fact]
    public async Task A_repeated_heartbeat_or_record_of_a_host_is_counted_and_a_removed_record_removes_no_host()
    {
        const string Record = "$KV.osapi_hosts.db-01";
        const string Heartbeat = "osapi.signal.hb.db-01";
        var before = await BeliefsAsync();
        await using NatsConnection attacker = new(fleet.FullAccount);
        var heartbeat = fleet.Recording.Messages.First(message => message.Subject == Heartbeat);
        var record = fleet.Recording.Messages.First(message => message.Subject == Record && message.Payload.Length > 1);
        // A second later, because the clock of heartbeats has no parts of a second.
        await Task.Delay(TimeSpan.FromSeconds(1.1), TimeProvider.System, Token);
        await NewerAsync(attacker, Heartbeat, "osapi.signal.ping");

        Assert.True(await PublishAsync("signals", heartbeat));
        Assert.True(await PublishAsync("hosts", record));
        await NewerAsync(attacker, Record, publish: null);
        var counted = fleet.Skipped.Of(["hosts"]);
        var recorded = fleet.Recording.Messages.Count;
        await attacker.PublishAsync(Record, Array.Empty<byte>(), cancellationToken: Token);
        while (!fleet.Recording.Messages.Skip(recorded).Any(message => message.Subject == Record && message.Payload.Length > 1))
            Assert.Contains((await fleet.Client.Agent.ListAsync(cancellationToken: Token)).Agents, agent => agent.Hostname == "db-01");
        Assert.True(await fleet.Skipped.ExceedsAsync(["hosts"], counted, TimeSpan.FromSeconds(10), Token));
        await AssertNothingBelievedAsync(before);

        async Task<bool> PublishAsync(string reader, RecordedMessage message)
        {
            var earlier = fleet.Skipped.Of([reader]);
            await attacker.PublishAsync(message.Subject, message.Payload, cancellationToken: Token);
            return await fleet.Skipped.ExceedsAsync([reader], earlier, CountTimeout, Token);
        }
    }

    // Waits for the next message of a host, which another message may cause.
    private async Task NewerAsync(NatsConnection attacker, string subject, string? publish)
    {
        var recorded = fleet.Recording.Messages.Count;
        if (publish is not null)
            await attacker.PublishAsync(publish, Array.Empty<byte>(), cancellationToken: Token);
        while (!fleet.Recording.Messages.Skip(recorded).Any(message => message.Subject == subject && message.Payload.Length > 1))
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Token);
    }

    [Fact]
    public async Task Commands_and_results_of_other_hosts_cannot_be_read()
    {
        List<RecordedMessage> read = [];
        await using NatsConnection evil = new(fleet.EvilAccount);
        await using var all = await evil.SubscribeCoreAsync<byte[]>(">", cancellationToken: Token);
        await HonestAsync();
        foreach (var stream in (string[])["OSAPI_JOB", "OBJ_osapi_files", "OBJ_osapi_requests", "OSAPI_CMD", "OSAPI_ANY", "OBJ_osapi_results", "KV_osapi_hosts", "KV_osapi_roster"])
            for (var sequence = 1; sequence < 500; sequence++)
                if (await AskAsync(evil, $"osapi.js.STREAM.MSG.GET.{stream}", $$"""{"seq":{{sequence}}}""") is not { } answer)
                    break;
                else if (JsonElement.Parse(answer).TryGetProperty("message", out var message))
                    read.Add(new(message.GetProperty("subject").GetString()!, message.TryGetProperty("data", out var data) ? data.GetBytesFromBase64() : []));
        var ofEvil = read.Count;
        Assert.True(ofEvil > 20, $"{ofEvil} messages");
        Assert.Contains(read, message => message.Subject.StartsWith("$O.osapi_requests.", StringComparison.Ordinal));
        // Stored files and large requests are for every host that has their keys.
        string[] readable = ["osapi.job.", "$O.osapi_files.", "$O.osapi_requests."];
        Assert.All(read, message => Assert.True(readable.Any(prefix => message.Subject.StartsWith(prefix, StringComparison.Ordinal)), message.Subject));
        foreach (var recorded in fleet.Recording.Messages.Where(message => message.Subject.StartsWith("osapi.cmd.", StringComparison.Ordinal)))
            Assert.Null(await AskAsync(evil, $"osapi.js.DIRECT.GET.OSAPI_CMD.{recorded.Subject}", ""));
        while (all.Msgs.TryRead(out var heard))
            read.Add(new(heard.Subject, heard.Data ?? []));

        // The full account sees everything, and may have the key of that host as well. Jobs for any host are for all enrolled hosts.
        read.AddRange(fleet.Recording.Messages);
        Assert.True(read.Count - ofEvil > 100);
        foreach (var message in read)
        {
            AssertSealed(message.Subject, message.Payload);
            if (Kinds().FirstOrDefault(kind => message.Subject.StartsWith(kind.Root, StringComparison.Ordinal)) is { } kind && kind.Place != EnvelopePlace.WorkQueue && forge.OpenAsEvil(kind.Place, kind.Covered(message.Subject), message.Payload) is { } opened)
                AssertSealed(message.Subject, opened);
        }

        var files = Directory.GetFiles(fleet.BrokerDirectory, "*", SearchOption.AllDirectories);
        Assert.True(files.Length > 10);
        foreach (var file in files)
            AssertSealed(file, await ReadAsync(file));
        await File.WriteAllTextAsync(Gate, "", Token);
        await running;
    }

    [Fact]
    public async Task Forged_results_and_chunks_of_output_are_not_believed_and_counted()
    {
        await using NatsConnection attacker = new(fleet.FullAccount);
        await using NatsConnection evil = new(fleet.EvilAccount);
        Random random = new(seed);
        Dictionary<string, int> counts = [];
        var others = Objects(0);
        for (var i = 0; i < 10; i++)
            foreach (var mutation in (string[])["altered", "truncated", "extended", "of another host", "replayed after another", "garbage"])
            {
                var from = fleet.Recording.Messages.Count;
                var reply = await fleet.Client.Command.ShellAsync("web-01", new() { Command = $"yes {ResultCanary} | head -c 300000" }, cancellationToken: Token);
                await fleet.Recording.CatchUpAsync(Token);
                var own = Objects(from);
                var target = own[random.Next(own.Count)];
                var other = others[random.Next(others.Count)].Payload;
                byte[] forged = mutation switch
                {
                    "altered" => Altered(random, target.Payload),
                    "truncated" => target.Payload[..random.Next(1, target.Payload.Length)],
                    "extended" => [.. target.Payload, 1],
                    "of another host" => other,
                    "garbage" => [0xA5, 1, 7],
                    _ => target.Payload,
                };
                var isReplay = target.Payload.AsSpan().SequenceEqual(forged);
                var refused = fleet.Recording.Messages.Count;
                await evil.PublishAsync(target.Subject, forged, cancellationToken: Token);
                await evil.PingAsync(Token);
                await fleet.Recording.CatchUpAsync(Token);
                Assert.DoesNotContain(fleet.Recording.Messages.Skip(refused), message => message.Subject == target.Subject);
                if (!isReplay)
                    await attacker.RequestAsync<string, string>("$JS.API.STREAM.PURGE.OBJ_osapi_results", $$"""{"filter":"{{target.Subject}}"}""", cancellationToken: Token);
                await attacker.PublishAsync(target.Subject, forged, cancellationToken: Token);
                await attacker.PingAsync(Token);

                var counted = fleet.Skipped.Of(["results"]);
                var seen = await OutputAsync(reply.JobId);
                var genuine = string.Concat(Enumerable.Repeat($"{ResultCanary}\n", (300_000 / (ResultCanary.Length + 1)) + 1))[..300_000];
                Assert.True(seen.Length == 0 || seen == genuine, $"{mutation} at {target.Subject}: {seen.Length} characters");
                if (seen.Length == 0)
                    counts["not shown"] = counts.GetValueOrDefault("not shown") + 1;
                counts[mutation] = counts.GetValueOrDefault(mutation) + 1;
                // A description that is none is as good as a missing one.
                var isMissing = target.Subject.Contains(".M.", StringComparison.Ordinal) || forged.Length == 0;
                Assert.True(seen == genuine || isMissing || fleet.Skipped.Of(["results"]) > counted, $"{mutation} at {target.Subject} was not counted");
            }

        output.WriteLine(string.Join(", ", counts.Select(count => $"{count.Key} {count.Value}")));
        await File.WriteAllTextAsync(Gate, "", Token);
        await running;
    }

    private List<RecordedMessage> Objects(int from) => [.. fleet.Recording.Messages.Skip(from).Where(message => message.Subject.StartsWith("$O.osapi_results.", StringComparison.Ordinal) && message.Payload.Length > 1)];

    private static byte[] Altered(Random random, byte[] payload)
    {
        var copy = payload.ToArray();
        copy[random.Next(copy.Length)] ^= (byte)(1 << random.Next(8));
        return copy;
    }

    // Nothing when it is not what its host wrote.
    private async Task<string> OutputAsync(JobId job)
    {
        try
        {
            await using var content = await fleet.Client.Job.OpenOutputAsync(job, cancellationToken: Token);
            using StreamReader reader = new(content);
            return await reader.ReadToEndAsync(Token);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or Osapi.Client.ApiException)
        {
            return "";
        }
    }

    private async Task<byte[]?> AskAsync(NatsConnection evil, string subject, string request)
    {
        try
        {
            var answer = await evil.RequestAsync<string, byte[]>(subject, request, replyOpts: new() { Timeout = TimeSpan.FromSeconds(5) }, cancellationToken: Token);
            return answer.Data ?? [];
        }
        catch (NatsException)
        {
            return null;
        }
    }

    private async Task<byte[]> ReadAsync(string file)
    {
        await using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        MemoryStream content = new();
        await stream.CopyToAsync(content, Token);
        return content.ToArray();
    }

    private static void AssertSealed(string place, byte[] content)
    {
        foreach (var canary in (string[])[Canary, ResultCanary])
            Assert.False(content.AsSpan().IndexOf(Encoding.UTF8.GetBytes(canary)) >= 0, $"{place} has '{canary}'");
    }

    // Where the account of the host that was taken over may publish.
    private static bool IsOwn(string subject) => subject.Split('.') switch
    {
        ["osapi", "job", "state", _, "_any" or AttackedFleet.Evil] => true,
        ["$KV", "osapi_hosts", AttackedFleet.Evil] => true,
        ["$O", "osapi_results", "C" or "M", AttackedFleet.Evil, _] => true,
        ["osapi", "signal", "hb" or "enroll" or "confirm", AttackedFleet.Evil] => true,
        ["osapi", "signal", "output", AttackedFleet.Evil, _] => true,
        ["osapi", "signal", "ping"] => true,
        _ => false,
    };

    // Where it may publish, it claims to know about others.
    private IReadOnlyList<AttackKind> OwnKinds() =>
    [
        .. Kinds().Where(kind => kind.Name is "state" or "host record" or "question for a state" or "request to enroll").Select(kind => kind with
        {
            Targets = kind.Name == "state" ? random => $"{known[random.Next(known.Count)]}.{(random.Next(2) == 0 ? AttackedFleet.Evil : "_any")}" : _ => AttackedFleet.Evil,
            Bodies = kind.Name switch
            {
                "host record" => (random, _) => kind.Bodies(random, AttackedFleet.Hosts[random.Next(2)]),
                "question for a state" => (random, _) => JobJson.Bytes(new ConfirmRequest { JobId = known[random.Next(known.Count)], Executor = AttackedFleet.Hosts[random.Next(2)], Nonce = "n" }),
                _ => kind.Bodies,
            },
        }),
    ];

    private IReadOnlyList<AttackKind> Kinds() => new AttackKinds(known, fleet.EvilKeys, Evil).All;

    // Publishes the attacks, with honest jobs in between; returns those that should have been counted and were not.
    private async Task<List<Attack>> AttackAsync(NatsConnection attacker, List<Attack> attacks, Func<Attack, bool> isRead)
    {
        List<Attack> uncounted = [];
        for (var i = 0; i < attacks.Count; i++)
        {
            if (!isRead(attacks[i]))
                await attacker.PublishAsync(attacks[i].Subject, attacks[i].Payload, cancellationToken: Token);
            else if (!await IsCountedAsync(attacker, attacks[i]))
                uncounted.Add(attacks[i]);
            // Each costs its time limit: these are enough to tell.
            if (uncounted.Count(IsToBeCounted) > 40)
                break;
            if (i % HonestAfter == 0)
                await HonestAsync();
        }

        return uncounted;
    }

    // Whether a reader has counted it as skipped.
    private async Task<bool> IsCountedAsync(NatsConnection attacker, Attack attack)
    {
        // A value in a bucket may be replaced before anybody has read it.
        for (var attempt = 0; attempt < (attack.Kind.Place is EnvelopePlace.Hosts or EnvelopePlace.Roster ? 3 : 1); attempt++)
            if (await PublishCountedAsync(attacker, attack))
                return true;
        return false;
    }

    private async Task<bool> PublishCountedAsync(NatsConnection attacker, Attack attack)
    {
        var counted = fleet.Skipped.Of(attack.Kind.Readers);
        await attacker.PublishAsync(attack.Subject, attack.Payload, cancellationToken: Token);
        return await fleet.Skipped.ExceedsAsync(attack.Kind.Readers, counted, IsToBeCounted(attack) ? CountTimeout : TimeSpan.Zero, Token);
    }

    private static bool IsToBeCounted(Attack attack) => !attack.Kind.IsHeardBySome && !Listed.Contains(attack.Kind.Name);

    private List<Attack> Shuffled(IEnumerable<Attack> attacks)
    {
        var all = attacks.ToArray();
        new Random(seed).Shuffle(all);
        return [.. all];
    }

    private void Report(IReadOnlyCollection<Attack> attacks)
    {
        foreach (var kind in attacks.GroupBy(attack => attack.Kind.Name))
            output.WriteLine($"{kind.Key}: {kind.Count()} ({string.Join(", ", kind.GroupBy(attack => attack.Mutation).Select(mutation => $"{mutation.Key} {mutation.Count()}"))})");
        output.WriteLine($"{attacks.Count} attacks; skipped: {fleet.Skipped}");
    }

    private static string Describe(Attack attack) => $"{attack.Kind.Name}, {attack.Mutation}: {attack.Subject} {Convert.ToHexString(attack.Payload.AsSpan()[..Math.Min(attack.Payload.Length, 16)])}";

    private async Task ShellAsync(string target, string command)
    {
        var reply = await fleet.Client.Command.ShellAsync(target, new() { Command = command }, cancellationToken: Token);
        Assert.True(reply.AllSucceeded, string.Join(' ', reply.Hosts.Select(host => $"{host.Hostname} {host.Outcome} {host.Error}")));
    }

    /// <summary>Runs jobs as an honest caller, all of which must succeed.</summary>
    private async Task HonestAsync()
    {
        foreach (var target in (string[])["web-01", "db-01", "_any"])
        {
            await ShellAsync(target, $"echo x >> {Marker}");
            honestRuns++;
        }

        Assert.True((await fleet.Client.Node.HostnameAsync("_any", cancellationToken: Token)).AllSucceeded);
    }

    /// <summary>Gets what the system believes about the jobs that were there at first, and about its hosts.</summary>
    private async Task<string> BeliefsAsync()
    {
        StringBuilder text = new();
        foreach (var id in known)
            if (await fleet.Client.Job.GetAsync(id, cancellationToken: Token) is { Status: not JobStatus.Processing } job && id != runningId)
                text.Append(CultureInfo.InvariantCulture, $"{job.Id} {job.Status} {job.Caller} {string.Join(' ', job.Responses.Select(host => $"{host.Key} {host.Value.Outcome} {host.Value.Data}"))}\n");
        foreach (var agent in (await fleet.Client.Agent.ListAsync(cancellationToken: Token)).Agents)
        {
            var key = await fleet.Client.Agent.GetKeyAsync(agent.Hostname, cancellationToken: Token);
            text.Append(CultureInfo.InvariantCulture, $"{agent.Hostname} {agent.State} {(agent.Hostname == AttackedFleet.Evil ? "" : agent.Status)} {string.Join(' ', agent.Labels)} {key.Fingerprint} {key.Enrolled} {key.Revoked}\n");
        }

        return text.ToString();
    }

    private async Task AssertNothingBelievedAsync(string before, bool hasSkipped = true)
    {
        await HonestAsync();
        await File.WriteAllTextAsync(Gate, "", Token);
        Assert.Equal("genuine\n", await running);
        Assert.False(File.Exists(Evil));
        Assert.Equal(honestRuns, (await File.ReadAllLinesAsync(Marker, Token)).Length);
        var jobs = (await fleet.Client.Job.ListAsync(new() { Limit = 1 }, cancellationToken: Token)).TotalItems;
        Assert.Equal(known.Count + (honestRuns / 3 * 4), jobs);
        // What was forged about hosts is written again by the hosts themselves, and by the controllers.
        for (var until = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(30); await BeliefsAsync() != before && TimeProvider.System.GetUtcNow() < until;)
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Token);
        Assert.Equal(before, await BeliefsAsync());
        Assert.InRange(fleet.Logs.Lines.Count(line => line.Contains("Skipped in", StringComparison.Ordinal)), hasSkipped ? 1 : 0, 60);
        Assert.All(fleet.Logs.Lines, line => Assert.DoesNotContain("Unhandled", line, StringComparison.Ordinal));
    }
}
