using Osapi.Transport.Embedded;

namespace Osapi.Transport.Tests.Embedded;

public sealed class RetentionTests : EmbeddedTest
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Forgets_commands_before_jobs_when_it_is_opened()
    {
        var transport = await fixture.OpenAsync();
        await AppendAsync(transport, "old");
        fixture.Time.Advance(TimeSpan.FromMinutes(1));
        await AppendAsync(transport, "young");

        fixture.Time.Advance(fixture.Options.KeepCommands - PollInterval);
        transport = await fixture.ReopenAsync();

        Assert.Null(await transport.LastAsync(StreamName.Commands, "old", Token));
        Assert.NotNull(await transport.LastAsync(StreamName.Commands, "young", Token));
        Assert.NotNull(await transport.LastAsync(StreamName.Jobs, "old", Token));

        fixture.Time.Advance(fixture.Options.KeepJobs - fixture.Options.KeepCommands);
        transport = await fixture.ReopenAsync();

        Assert.Null(await transport.LastAsync(StreamName.Jobs, "old", Token));
        Assert.NotNull(await transport.LastAsync(StreamName.Jobs, "young", Token));
        Assert.Equal(2, (await transport.StateAsync(StreamName.Jobs, Token)).LastSequence);
    }

    [Fact]
    public async Task Forgets_while_it_runs()
    {
        var transport = await fixture.OpenAsync();
        await AppendAsync(transport, "old");

        fixture.Time.Advance(fixture.Options.KeepCommands + SqliteRetention.Interval);

        // The sweep runs concurrently; each read is a chance for it to progress.
        while (await transport.LastAsync(StreamName.Commands, "old", Token) is not null)
            await transport.PingAsync(Token);
    }

    [Fact]
    public async Task Forgets_any_number_of_messages()
    {
        var transport = await fixture.OpenAsync();
        for (var i = 0; i < 5; i++)
            await transport.AppendAsync([.. Enumerable.Range(0, 900).Select(n => new Append(StreamName.Commands, $"a.{n}", default, MessageId: $"{i}.{n}"))], Token);
        fixture.Time.Advance(fixture.Options.KeepCommands + PollInterval);
        await transport.AppendAsync([new(StreamName.Commands, "young", default)], Token);

        transport = await fixture.ReopenAsync();

        await using var follower = transport.FollowAsync(StreamName.Commands, "", 0, Token).GetAsyncEnumerator(Token);
        Assert.True(await follower.MoveNextAsync());
        Assert.Equal(4501, follower.Current.Sequence);
        // Its id is removed with it.
        Assert.Equal(4502, (await transport.AppendAsync([new(StreamName.Commands, "a", default, MessageId: "0.0")], Token)).Sequence);
    }

    [Fact]
    public async Task An_expired_message_is_not_delivered_from_the_queue()
    {
        var transport = await fixture.OpenAsync();
        await transport.AppendAsync([new(StreamName.WorkQueue, "any", default)], Token);
        fixture.Time.Advance(fixture.Options.KeepCommands);
        await transport.AppendAsync([new(StreamName.WorkQueue, "any", default)], Token);

        Assert.Equal(2, (await transport.DequeueAsync(Token)).Message.Sequence);
    }

    [Fact]
    public async Task Forgets_results_and_keeps_files()
    {
        var transport = await fixture.OpenAsync();
        foreach (var objects in new[] { transport.Results, transport.Files })
            await objects.PutAsync("a", new MemoryStream([1]), null, Token);
        fixture.Time.Advance(fixture.Options.KeepResults + PollInterval);
        await transport.Results.PutAsync("young", new MemoryStream([1]), null, Token);

        transport = await fixture.ReopenAsync();

        Assert.Equal(["young"], (await transport.Results.ListAsync(Token)).Select(info => info.Name));
        Assert.Equal(["a"], (await transport.Files.ListAsync(Token)).Select(info => info.Name));
    }

    [Fact]
    public async Task Commands_must_be_forgotten_before_jobs()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => EmbeddedTransport.OpenAsync(fixture.Options with { KeepCommands = TimeSpan.FromDays(7) }, Token));
    }

    private static Task<AppendResult> AppendAsync(EmbeddedTransport transport, string subject) =>
        transport.AppendAsync([new(StreamName.Jobs, subject, default), new(StreamName.Commands, subject, default)], Token);
}
