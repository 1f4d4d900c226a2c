using System.Text;
using Microsoft.Extensions.Time.Testing;
using Osapi.Transport.Embedded;

namespace Osapi.Transport.Tests.Embedded;

/// <summary>Tests of the embedded transport beyond the contract.</summary>
public sealed class StoreTests : EmbeddedTest
{
    [Fact]
    public async Task An_append_of_several_messages_is_all_or_nothing()
    {
        var transport = await fixture.OpenAsync();
        await transport.AppendAsync([new(StreamName.Jobs, "taken", default)], Token);

        var refused = await transport.AppendAsync(
            [new(StreamName.Jobs, "a", default, MessageId: "1"), new(StreamName.Commands, "b", default), new(StreamName.Jobs, "taken", default, ExpectedLast: 0)], Token);

        Assert.Equal(new AppendResult(Appended: false, Sequence: 0, Refused: "taken"), refused);
        Assert.Null(await transport.LastAsync(StreamName.Jobs, "a", Token));
        Assert.Null(await transport.LastAsync(StreamName.Commands, "b", Token));
        // Neither the sequence nor the id was used up.
        Assert.Equal(2, (await transport.AppendAsync([new(StreamName.Jobs, "a", default, MessageId: "1")], Token)).Sequence);
    }

    [Fact]
    public async Task A_follower_gets_nothing_of_a_refused_append_of_several_messages()
    {
        var transport = await fixture.OpenAsync();
        await using var follower = transport.FollowAsync(StreamName.Jobs, "", 0, Token).GetAsyncEnumerator(Token);
        await transport.AppendAsync([new(StreamName.Jobs, "taken", default)], Token);
        Assert.True(await follower.MoveNextAsync());
        // It has read the stored messages and waits for new ones.
        var next = follower.MoveNextAsync();
        Assert.False(next.IsCompleted);

        await transport.AppendAsync([new(StreamName.Jobs, "refused", default), new(StreamName.Jobs, "taken", default, ExpectedLast: 0)], Token);
        await transport.AppendAsync([new(StreamName.Jobs, "next", default)], Token);

        Assert.True(await next);
        Assert.Equal("next", follower.Current.Subject);
    }

    [Fact]
    public async Task A_failed_write_leaves_nothing_behind_and_does_not_block_others()
    {
        var transport = await fixture.OpenAsync();
        var failing = transport.Writer.RunAsync<int>(session =>
        {
            session.Execute("insert into hosts (key, value) values ('half', x'00')");
            throw new InvalidOperationException();
        }, committed: null, Token);

        await Assert.ThrowsAsync<InvalidOperationException>(() => failing);

        Assert.True((await transport.AppendAsync([new(StreamName.Jobs, "a", default)], Token)).Appended);
        Assert.Empty(await transport.Hosts.ListAsync(Token));
    }

    [Fact]
    public async Task Appends_that_wait_together_share_a_commit_and_are_refused_one_by_one()
    {
        var transport = await fixture.OpenAsync();
        using ManualResetEventSlim release = new();
        var blocked = transport.Writer.RunAsync(_ => release.Wait(TimeSpan.FromMinutes(1)), committed: null, Token);
        var commits = transport.Writer.Commits;
        var waiting = Enumerable.Range(0, 100).Select(i => transport.AppendAsync([new(StreamName.Jobs, $"subject.{i / 2}", default, ExpectedLast: 0)], Token)).ToArray();

        release.Set();
        await blocked;
        var results = await Task.WhenAll(waiting);

        // The blocked one and, when it was taken before the others came, one more.
        Assert.InRange(transport.Writer.Commits - commits, 1, 2);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => i % 2 == 0), results.Select(result => result.Appended));
    }

    [Fact]
    public async Task An_append_that_is_cancelled_while_it_waits_is_not_executed()
    {
        var transport = await fixture.OpenAsync();
        using ManualResetEventSlim entered = new();
        using ManualResetEventSlim release = new();
        var blocked = transport.Writer.RunAsync(_ =>
        {
            entered.Set();
            return release.Wait(TimeSpan.FromMinutes(1));
        }, committed: null, Token);
        entered.Wait(Token);
        using CancellationTokenSource source = new();
        var given = transport.AppendAsync([new(StreamName.Jobs, "a", default)], source.Token);

        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        release.Set();
        await blocked;

        await transport.PingAsync(Token);
        Assert.Null(await transport.LastAsync(StreamName.Jobs, "a", Token));
    }

    [Fact]
    public async Task Pending_writes_are_stored_at_the_close()
    {
        var transport = await fixture.OpenAsync();
        var waiting = Enumerable.Range(0, 100).Select(_ => transport.AppendAsync([new(StreamName.Jobs, "a", default)], Token)).ToArray();

        transport = await fixture.ReopenAsync();

        Assert.All(await Task.WhenAll(waiting), result => Assert.True(result.Appended));
        Assert.Equal(100, (await transport.StateAsync(StreamName.Jobs, Token)).LastSequence);
    }

    [Fact]
    public async Task A_message_id_is_known_after_a_restart()
    {
        var transport = await fixture.OpenAsync();
        Append message = new(StreamName.WorkQueue, "any", default, MessageId: "1");
        await transport.AppendAsync([message], Token);
        await (await transport.DequeueAsync(Token)).AcknowledgeAsync(Token);

        transport = await fixture.ReopenAsync();

        Assert.Equal(new AppendResult(Appended: true, 1), await transport.AppendAsync([message], Token));
        Assert.Null(await transport.LastAsync(StreamName.WorkQueue, "any", Token));
    }

    [Fact]
    public async Task A_held_message_is_delivered_at_once_after_a_restart()
    {
        var transport = await fixture.OpenAsync();
        await transport.AppendAsync([new(StreamName.WorkQueue, "any", Encoding.ASCII.GetBytes("held"))], Token);
        await transport.DequeueAsync(Token);

        transport = await fixture.ReopenAsync();

        Assert.Equal(1, (await transport.DequeueAsync(Token)).Message.Sequence);
    }

    [Fact]
    public async Task The_clock_does_not_step_back_behind_a_stored_message()
    {
        var transport = await fixture.OpenAsync();
        await transport.AppendAsync([new(StreamName.Commands, "a", default)], Token);
        var newest = (await transport.LastAsync(StreamName.Commands, "a", Token))!.Time;
        await transport.DisposeAsync();
        FakeTimeProvider late = new(newest - TimeSpan.FromHours(1));

        await using var reopened = await EmbeddedTransport.OpenAsync(fixture.Options with { TimeProvider = late }, Token);

        Assert.Equal(newest, reopened.ServerNow);
        await reopened.AppendAsync([new(StreamName.Commands, "a", default)], Token);
        Assert.Equal(newest, (await reopened.LastAsync(StreamName.Commands, "a", Token))!.Time);
        late.Advance(TimeSpan.FromHours(2));
        Assert.Equal(newest + TimeSpan.FromHours(1), reopened.ServerNow);
    }

    [Fact]
    public async Task An_aborted_put_leaves_no_file_and_a_replaced_object_none_of_the_old()
    {
        var transport = await fixture.OpenAsync();
        using MemoryStream content = new([1, 2, 3]);
        await transport.Files.PutAsync("a", content, null, Token);
        content.Position = 0;
        await transport.Files.PutAsync("a", content, null, Token);
        Contract.Noise torn = new(1_000_000);
        torn.Before(600_000, () => throw new InvalidDataException());

        await Assert.ThrowsAsync<InvalidDataException>(() => transport.Files.PutAsync("b", torn, null, Token));

        Assert.Single(Directory.GetFiles(Path.Combine(fixture.Options.Directory, "objects")));
        await transport.Files.DeleteAsync("a", Token);
        Assert.Empty(Directory.GetFiles(Path.Combine(fixture.Options.Directory, "objects")));
    }

    [Fact]
    public async Task A_half_written_object_of_a_killed_process_is_cleaned_up()
    {
        var transport = await fixture.OpenAsync();
        using MemoryStream content = new([1, 2, 3]);
        await transport.Files.PutAsync("a", content, null, Token);
        await File.WriteAllTextAsync(Path.Combine(fixture.Options.Directory, "objects", "0123"), "half", Token);

        transport = await fixture.ReopenAsync();

        Assert.Single(Directory.GetFiles(Path.Combine(fixture.Options.Directory, "objects")));
        Assert.NotNull(await transport.Files.FindAsync("a", Token));
    }

    [Fact]
    public async Task Only_the_owner_can_read_it()
    {
        var transport = await fixture.OpenAsync();
        await transport.AppendAsync([new(StreamName.Jobs, "a", default)], Token);
        using MemoryStream content = new([1, 2, 3]);
        await transport.Files.PutAsync("a", content, null, Token);

        const UnixFileMode ReadWrite = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(ReadWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(fixture.Options.Directory));
        var files = Directory.GetFiles(fixture.Options.Directory, "*", SearchOption.AllDirectories);
        Assert.Contains("osapi.db-wal", files.Select(Path.GetFileName));
        Assert.All(files, file => Assert.Equal(ReadWrite, File.GetUnixFileMode(file)));
    }
}
