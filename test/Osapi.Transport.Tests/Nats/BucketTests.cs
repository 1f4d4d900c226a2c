using System.Diagnostics.Metrics;
using Microsoft.Extensions.Time.Testing;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.ObjectStore;
using NATS.Client.ObjectStore.Models;
using Osapi.Transport.Nats;
using Osapi.Transport.Tests.Contract;

namespace Osapi.Transport.Tests.Nats;

/// <summary>Tests of objects, signals and retention on this broker beyond the contract.</summary>
public sealed class BucketTests(NatsServerFixture fixture) : IClassFixture<NatsServerFixture>
{
    private readonly NatsOptions options = new() { Urls = [fixture.Server.Url], Prefix = $"t{Guid.NewGuid():N}" };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Objects_are_those_of_every_other_client()
    {
        const int Size = 1_300_000;
        await using var transport = await NatsTransport.ConnectAsync(options, Token);
        await using NatsConnection connection = new(new() { Url = fixture.Server.Url });
        var theirs = await new NatsObjContext(new NatsJSContext(connection)).GetObjectStoreAsync($"{options.Prefix}_files", Token);

        await transport.Files.PutAsync("ours ä", new Noise(Size), "text", Token);
        using MemoryStream content = new();
        var found = await theirs.GetAsync("ours ä", content, leaveOpen: true, Token);
        await theirs.PutAsync(new ObjectMetadata { Name = "theirs", Description = "text" }, new Noise(Size), leaveOpen: true, Token);

        Assert.Equal(("text", Size, Size), (found.Description, (int)found.Size, (int)content.Length));
        var info = await transport.Files.FindAsync("theirs", Token);
        Assert.Equal(("text", Size, Noise.Sha256(Size)), (info!.Metadata, info.Size, info.Sha256));
        await using var opened = await transport.Files.OpenAsync("theirs", Token);
        await opened!.CopyToAsync(Stream.Null, Token);
        Assert.Equal(2, (await transport.Files.ListAsync(Token)).Count);
    }

    [Fact]
    public async Task The_content_of_a_replaced_object_is_removed_in_the_end()
    {
        FakeTimeProvider time = new();
        await using var transport = await NatsTransport.ConnectAsync(options with { TimeProvider = time }, Token);
        await transport.Files.PutAsync("a", new Noise(300_000), null, Token);
        await transport.Files.PutAsync("a", new Noise(150_000), null, Token);
        await transport.Files.PutAsync("removed", new Noise(150_000), null, Token);
        await transport.Files.DeleteAsync("removed", Token);
        Assert.Equal(7, await ChunksAsync());

        for (var passed = TimeSpan.Zero; passed < ChunkSweep.GracePeriod; passed += ChunkSweep.Interval)
        {
            time.Advance(ChunkSweep.Interval);
            // The sweep runs concurrently; each read is a chance for it to progress.
            for (var attempt = 0; attempt < 20; attempt++)
                Assert.InRange(await ChunksAsync(), 2, 7);
        }

        while (await ChunksAsync() > 2)
            time.Advance(ChunkSweep.Interval);
        await using var content = await transport.Files.OpenAsync("a", Token);
        await content!.CopyToAsync(Stream.Null, Token);
    }

    [Fact]
    public async Task A_result_that_was_stored_again_counts_and_the_earlier_one_is_removed_without_a_roll_up()
    {
        FakeTimeProvider time = new();
        await using var transport = await NatsTransport.ConnectAsync(options with { TimeProvider = time }, Token);
        await transport.Results.PutAsync("web-01/1.web-01", new Noise(300_000), null, Token);
        await transport.Results.PutAsync("web-01/1.web-01", new Noise(150_000), null, Token);
        Assert.Equal(150_000, (await transport.Results.FindAsync("web-01/1.web-01", Token))!.Size);
        Assert.Equal(7, await MessagesAsync());

        while (await MessagesAsync() > 3)
            time.Advance(ChunkSweep.Interval);

        await using var content = await transport.Results.OpenAsync("web-01/1.web-01", Token);
        await content!.CopyToAsync(Stream.Null, Token);
        Assert.True(await transport.Results.DeleteAsync("web-01/1.web-01", Token));

        async Task<long> MessagesAsync()
        {
            await using NatsConnection connection = new(new() { Url = fixture.Server.Url });
            return (await new NatsJSContext(connection).GetStreamAsync($"OBJ_{options.Prefix}_results", cancellationToken: Token)).Info.State.Messages;
        }
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("""{"name":"web-01/1.web-01","bucket":"x","nuid":"a\",\"seq\":1","size":1,"mtime":"2026-01-01T00:00:00Z","chunks":1,"digest":"SHA-256=x"}""")]
    [InlineData("""{"name":"another","bucket":"x","nuid":"a","size":1,"mtime":"2026-01-01T00:00:00Z","chunks":1,"digest":"SHA-256=x"}""")]
    public async Task A_description_that_is_not_understood_hides_no_earlier_one(string garbage)
    {
        ListLogger logger = new();
        await using var transport = await NatsTransport.ConnectAsync(options with { Logger = logger }, Token);
        await transport.Results.PutAsync("web-01/1.web-01", new Noise(600_000), null, Token);
        await using (NatsConnection connection = new(new() { Url = fixture.Server.Url }))
            await new NatsJSContext(connection).PublishAsync($"$O.{options.Prefix}_results.M.web-01.{ObjectDescription.TokenOf("web-01/1.web-01")}", System.Text.Encoding.UTF8.GetBytes(garbage), cancellationToken: Token);

        Assert.Equal(600_000, (await transport.Results.FindAsync("web-01/1.web-01", Token))!.Size);
        Assert.Single(await transport.Results.ListAsync(Token));
        Assert.Contains(logger.Lines, line => line.StartsWith("Skipped the invalid description", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Forgets_commands_before_jobs()
    {
        await using var transport = await NatsTransport.ConnectAsync(options with { KeepCommands = TimeSpan.FromSeconds(1) }, Token);
        await transport.AppendAsync([new(StreamName.Jobs, "a", default), new(StreamName.Commands, "a", default), new(StreamName.WorkQueue, "any", default)], Token);

        while (await transport.LastAsync(StreamName.Commands, "a", Token) is not null || await transport.LastAsync(StreamName.WorkQueue, "any", Token) is not null)
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Token);

        Assert.NotNull(await transport.LastAsync(StreamName.Jobs, "a", Token));
        Assert.Equal(1, (await transport.StateAsync(StreamName.Commands, Token)).LastSequence);
    }

    [Fact]
    public async Task Lost_signals_of_a_listener_are_counted_and_logged()
    {
        ListLogger logger = new();
        await using var transport = await NatsTransport.ConnectAsync(options with { Logger = logger }, Token);
        long dropped = 0;
        using MeterListener meter = new() { InstrumentPublished = (instrument, listener) => { if (instrument.Name == "osapi.transport.signals.dropped") listener.EnableMeasurementEvents(instrument); } };
        meter.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref dropped, count));
        meter.Start();
        await using var listener = transport.Signals.ListenAsync("n.", Token).GetAsyncEnumerator(Token);
        var first = listener.NextAsync();

        for (var i = 0; i < 5000; i++)
            await transport.Signals.SendAsync($"n.{i}", default, Token);
        // The answer comes after the signals: a reader that begins earlier may keep up with them, and lose none.
        await transport.StateAsync(StreamName.Jobs, Token);
        await first;
        var received = 1;
        while ((await listener.NextAsync()).Subject != "n.4999")
            received++;

        // The library reports them beside the listener.
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Token);
        timeout.CancelAfter(TimeSpan.FromSeconds(30));
        while (Interlocked.Read(ref dropped) < 5000 - 1 - received)
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, timeout.Token);
        Assert.Contains(logger.Lines, line => line.StartsWith("A listener falls behind", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_signal_is_not_kept_while_the_connection_is_down()
    {
        await using var server = await NatsServer.StartAsync();
        await using var transport = await NatsTransport.ConnectAsync(options with { Urls = [server.Url] }, Token);
        await server.KillAsync();

        while (await Record.ExceptionAsync(() => transport.Signals.SendAsync("ping", default, Token)) is not TransportException)
            await Task.Yield();
    }

    private async Task<long> ChunksAsync()
    {
        await using NatsConnection connection = new(new() { Url = fixture.Server.Url });
        var stream = await new NatsJSContext(connection).GetStreamAsync($"OBJ_{options.Prefix}_files", new() { SubjectsFilter = $"$O.{options.Prefix}_files.C.>" }, Token);
        return stream.Info.State.Subjects?.Values.Sum() ?? 0;
    }
}
