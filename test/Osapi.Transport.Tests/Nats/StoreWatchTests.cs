using NATS.Client.Core;
using NATS.Client.JetStream;
using Osapi.Transport.Jobs;
using Osapi.Transport.Nats;

namespace Osapi.Transport.Tests.Nats;

/// <summary>Tests of streams that existed and are missing now.</summary>
public sealed class StoreWatchTests(NatsServerFixture fixture) : IClassFixture<NatsServerFixture>
{
    private readonly NatsOptions options = new() { Urls = [fixture.Server.Url], Prefix = $"t{Guid.NewGuid():N}" };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Commands => options.Prefix.ToUpperInvariant() + "_CMD";

    [Fact]
    public async Task A_missing_stream_is_recreated_and_the_loss_is_logged_in_one_line()
    {
        ListLogger logger = new();
        await using var transport = await NatsTransport.ConnectAsync(options with { Logger = logger }, Token);
        await transport.AppendAsync([new(StreamName.Jobs, "a", default), new(StreamName.Commands, "a", default)], Token);
        var began = TimeProvider.System.GetTimestamp();
        await AdministerAsync(async context => await context.DeleteStreamAsync(Commands, Token));

        while (await Record.ExceptionAsync(() => transport.StateAsync(StreamName.Commands, Token)) is TransportException)
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Token);

        Assert.InRange(TimeProvider.System.GetElapsedTime(began), StreamLossDetector.ConfirmationPeriod, TimeSpan.FromSeconds(30));
        Assert.Equal(0, (await transport.StateAsync(StreamName.Commands, Token)).LastSequence);
        Assert.NotNull(await transport.LastAsync(StreamName.Jobs, "a", Token));
        var line = Assert.Single(logger.Lines, line => line.Contains("came back without its store", StringComparison.Ordinal));
        Assert.EndsWith($"{Commands} (the commands to hosts)", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_that_returns_in_time_is_kept()
    {
        ListLogger logger = new();
        await using var transport = await NatsTransport.ConnectAsync(options with { Logger = logger }, Token);
        var config = await AdministerAsync(async context =>
        {
            var found = (await context.GetStreamAsync(Commands, cancellationToken: Token)).Info.Config;
            await context.DeleteStreamAsync(Commands, Token);
            return found;
        });
        while (!logger.Lines.Any(line => line.Contains($"reports {Commands} as missing", StringComparison.Ordinal)))
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Token);

        var restored = await AdministerAsync(async context => (await context.CreateStreamAsync(config, Token)).Info.Created);
        await Task.Delay(StreamLossDetector.ConfirmationPeriod + StreamLossDetector.Interval, TimeProvider.System, Token);

        Assert.Equal(restored, (await transport.StateAsync(StreamName.Commands, Token)).Created);
        Assert.DoesNotContain(logger.Lines, line => line.Contains("came back without its store", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_process_that_used_the_streams_before_waits_as_long_before_it_creates_them()
    {
        ListLogger logger = new();
        var began = TimeProvider.System.GetTimestamp();

        await using var transport = await NatsTransport.ConnectAsync(options with { SeenStreams = true, Logger = logger }, Token);

        Assert.InRange(TimeProvider.System.GetElapsedTime(began), StreamLossDetector.ConfirmationPeriod, TimeSpan.FromSeconds(40));
        Assert.Single(logger.Lines, line => line.Contains("came back without its store", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_store_of_an_earlier_version_gets_the_stream_of_large_requests_and_agents_do_not_wait_for_it()
    {
        await (await NatsTransport.ConnectAsync(options, Token)).DisposeAsync();
        await AdministerAsync(async context => await context.DeleteStreamAsync($"OBJ_{options.Prefix}_requests", Token));
        ListLogger logger = new();
        var began = TimeProvider.System.GetTimestamp();

        await using var agent = await NatsTransport.ConnectAsync(options with { CreateStreams = false }, Token);
        await using var controller = await NatsTransport.ConnectAsync(options with { SeenStreams = true, Logger = logger }, Token);

        Assert.True(TimeProvider.System.GetElapsedTime(began) < StreamLossDetector.ConfirmationPeriod);
        Assert.DoesNotContain(logger.Lines, line => line.Contains("came back without its store", StringComparison.Ordinal));
        var stored = await RequestObjects.PutAsync(controller, JobIds.Of("1"), new byte[300_000], Token);
        Assert.Equal(300_000, (await RequestObjects.ReadAsync(agent, stored, Token))!.Value.Length);
    }

    [Fact]
    public async Task Streams_of_an_earlier_version_take_no_roll_up_any_more()
    {
        await (await NatsTransport.ConnectAsync(options, Token)).DisposeAsync();
        string[] streams = [$"KV_{options.Prefix}_hosts", $"OBJ_{options.Prefix}_results"];
        foreach (var stream in streams)
            await AdministerAsync(async context => await context.UpdateStreamAsync((await context.GetStreamAsync(stream, cancellationToken: Token)).Info.Config with { AllowRollupHdrs = true }, Token));
        ListLogger logger = new();

        await using var transport = await NatsTransport.ConnectAsync(options with { Logger = logger }, Token);

        foreach (var stream in streams)
        {
            Assert.False(await AdministerAsync(async context => (await context.GetStreamAsync(stream, cancellationToken: Token)).Info.Config.AllowRollupHdrs));
            Assert.Contains(logger.Lines, line => line.Contains(stream, StringComparison.Ordinal) && line.Contains("roll-up True instead of False", StringComparison.Ordinal));
        }
    }

    private async Task<T> AdministerAsync<T>(Func<NatsJSContext, ValueTask<T>> work)
    {
        await using NatsConnection connection = new(new() { Url = fixture.Server.Url });
        return await work(new(connection));
    }
}
