using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using Osapi.Transport.Nats;

namespace Osapi.Transport.Tests.Nats;

/// <summary>Tests of connecting to existing streams, and of creating them.</summary>
public sealed class ProvisionTests(NatsServerFixture fixture) : IClassFixture<NatsServerFixture>
{
    private readonly NatsOptions options = new() { Urls = [fixture.Server.Url], Prefix = $"t{Guid.NewGuid():N}" };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string JobStream => options.Prefix.ToUpperInvariant() + "_JOB";

    [Fact]
    public async Task Waits_for_a_broker_that_is_not_up_yet()
    {
        var server = NatsServer.Create("late", NatsServer.FreePorts(1)[0], "");
        await using var owned = server;
        ListLogger logger = new();
        var connecting = NatsTransport.ConnectAsync(options with { Urls = [server.Url], Logger = logger }, Token);
        while (logger.Lines.IsEmpty)
            await Task.Yield();
        Assert.False(connecting.IsCompleted);

        Assert.True(await server.TryStartAsync());

        await (await connecting).DisposeAsync();
        Assert.Contains("cannot be reached, trying again", logger.Lines.First(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_for_a_broker_can_be_cancelled()
    {
        using CancellationTokenSource source = new();
        var connecting = NatsTransport.ConnectAsync(options with { Urls = [$"nats://127.0.0.1:{NatsServer.FreePorts(1)[0]}"] }, source.Token);

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
    }

    [Fact]
    public async Task One_server_of_several_is_enough()
    {
        await using var transport = await NatsTransport.ConnectAsync(options with { Urls = [$"nats://127.0.0.1:{NatsServer.FreePorts(1)[0]}", fixture.Server.Url] }, Token);

        await transport.PingAsync(Token);
    }

    [Fact]
    public async Task An_agent_waits_until_a_controller_created_the_streams()
    {
        ListLogger logger = new();
        var agent = NatsTransport.ConnectAsync(options with { CreateStreams = false, Logger = logger }, Token);
        while (!logger.Lines.Any(line => line.Contains("a controller creates it", StringComparison.Ordinal)))
            await Task.Yield();

        await using var controller = await NatsTransport.ConnectAsync(options, Token);

        await (await agent).DisposeAsync();
    }

    [Fact]
    public async Task Several_that_connect_at_once_to_an_empty_broker_all_find_what_one_of_them_made()
    {
        for (var round = 0; round < 20; round++)
        {
            var these = options with { Prefix = $"t{Guid.NewGuid():N}" };

            var transports = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => NatsTransport.ConnectAsync(these, Token))));

            foreach (var transport in transports)
                await transport.DisposeAsync();
        }
    }

    [Fact]
    public async Task Subjects_of_another_stream_are_refused_with_the_brokers_message()
    {
        await using NatsConnection connection = new(new() { Url = fixture.Server.Url });
        var prefix = options.Prefix;
        await new NatsJSContext(connection).CreateStreamAsync(new($"OTHER_{prefix}", [$"{prefix}.>"]), Token);

        var refusal = await Assert.ThrowsAsync<TransportException>(() => NatsTransport.ConnectAsync(options, Token));

        Assert.Contains("subjects overlap with an existing stream", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_of_that_name_with_other_settings_is_refused_with_every_difference()
    {
        await AdministerAsync(context => context.CreateStreamAsync(new(JobStream, ["elsewhere"]) { Storage = StreamConfigStorage.Memory, Retention = StreamConfigRetention.Interest }, Token));

        foreach (var creates in new[] { true, false })
        {
            var refusal = await Assert.ThrowsAsync<TransportException>(() => NatsTransport.ConnectAsync(options with { CreateStreams = creates }, Token));

            Assert.Contains($"has {JobStream} with subjects elsewhere instead of {options.Prefix}.job.>, retention Interest instead of Limits, storage Memory instead of File, discard Old instead of New.", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_queue_consumer_with_other_settings_is_refused()
    {
        await (await NatsTransport.ConnectAsync(options, Token)).DisposeAsync();

        // The answer of a server that does not know the setting: the consumer is there, with a default.
        var refusal = await Assert.ThrowsAsync<TransportException>(() => NatsTransport.ConnectAsync(options with { AcknowledgeTimeout = TimeSpan.FromSeconds(3) }, Token));

        Assert.Contains("acknowledgement timeout 00:00:10 instead of 00:00:03", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_replicas_than_servers_are_refused_with_the_brokers_message()
    {
        var refusal = await Assert.ThrowsAsync<TransportException>(() => NatsTransport.ConnectAsync(options with { Replicas = 3 }, Token));

        Assert.Contains("replicas > 1 not supported in non-clustered mode", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_controller_with_another_retention_changes_the_streams_and_an_agent_takes_them_as_they_are()
    {
        await (await NatsTransport.ConnectAsync(options, Token)).DisposeAsync();

        await (await NatsTransport.ConnectAsync(options with { KeepJobs = TimeSpan.FromDays(1), CreateStreams = false }, Token)).DisposeAsync();
        Assert.Equal(TimeSpan.FromDays(7), await MaxAgeAsync());
        await (await NatsTransport.ConnectAsync(options with { KeepJobs = TimeSpan.FromDays(1) }, Token)).DisposeAsync();
        Assert.Equal(TimeSpan.FromDays(1), await MaxAgeAsync());
    }

    [Fact]
    public async Task A_follower_gets_an_exception_when_its_log_was_recreated()
    {
        await using var transport = await NatsTransport.ConnectAsync(options, Token);
        await transport.AppendAsync([new(StreamName.Jobs, "a", default)], Token);
        await using var follower = transport.FollowAsync(StreamName.Jobs, "", 0, Token).GetAsyncEnumerator(Token);
        Assert.True(await follower.MoveNextAsync());
        var next = follower.MoveNextAsync().AsTask();

        await AdministerAsync(async context =>
        {
            var stream = await context.GetStreamAsync(JobStream, cancellationToken: Token);
            await stream.DeleteAsync(Token);
            return await context.CreateStreamAsync(stream.Info.Config, Token);
        });

        var refusal = await Assert.ThrowsAsync<TransportException>(() => next);
        // It may check in the moment when there is none.
        Assert.Matches("was recreated|stream not found", refusal.Message);
    }

    private async Task<TimeSpan> MaxAgeAsync() => (await AdministerAsync(context => context.GetStreamAsync(JobStream, cancellationToken: Token))).Info.Config.MaxAge;

    private async Task<T> AdministerAsync<T>(Func<NatsJSContext, ValueTask<T>> work)
    {
        await using NatsConnection connection = new(new() { Url = fixture.Server.Url });
        return await work(new(connection));
    }
}
