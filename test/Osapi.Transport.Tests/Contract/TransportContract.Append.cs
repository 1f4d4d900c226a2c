using CsCheck;

namespace Osapi.Transport.Tests.Contract;

public abstract partial class TransportContract
{
    [Fact]
    public async Task Numbers_messages_from_1_in_the_order_of_their_appends()
    {
        var first = await AppendAsync("a", "one");
        var result = await Transport.AppendAsync([new(StreamName.Jobs, "b", Bytes("two")), new(StreamName.Jobs, "a", Bytes("three"))], Token);

        Assert.Equal(1, first);
        Assert.Equal(new AppendResult(Appended: true, Sequence: 3), result);
    }

    [Fact]
    public async Task Reads_the_newest_message_of_a_subject()
    {
        await AppendAsync("a", "old");
        await AppendAsync("a", "new");
        await AppendAsync("a.b", "of another subject");

        var last = await Transport.LastAsync(StreamName.Jobs, "a", Token);

        Assert.Equal(("a", 2, "new"), (last!.Subject, last.Sequence, last.Text()));
        Assert.Null(await Transport.LastAsync(StreamName.Jobs, "nothing", Token));
        Assert.Null(await Transport.LastAsync(StreamName.Commands, "a", Token));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(500_000)]
    public async Task Keeps_every_byte_of_a_payload(int size)
    {
        var payload = new byte[size];
        new Random(1).NextBytes(payload);
        await Transport.AppendAsync([new(StreamName.Commands, "a", payload)], Token);

        var last = await Transport.LastAsync(StreamName.Commands, "a", Token);

        Assert.Equal(payload, last!.Payload.ToArray());
    }

    [Fact]
    public async Task Keeps_what_was_given_when_the_caller_reuses_its_buffer()
    {
        byte[] buffer = [1, 2, 3];
        await using var follower = Follow();
        var append = Transport.AppendAsync([new(StreamName.Jobs, "a", buffer)], Token);
        await append;
        buffer[0] = 9;

        Assert.Equal([1, 2, 3], (await follower.NextAsync()).Payload.ToArray());
    }

    [Fact]
    public async Task Removes_messages_by_their_sequences_and_no_others()
    {
        var places = new List<long>();
        for (var i = 0; i < 100; i++)
            places.Add(await AppendAsync($"a.{i % 10}", $"{i}"));

        await Transport.RemoveAsync(StreamName.Jobs, [.. places.Where(place => place != 95).Append(1000)], Token);
        await Transport.RemoveAsync(StreamName.Jobs, places.GetRange(0, 5), Token);

        Assert.Equal(95, (await Transport.LastAsync(StreamName.Jobs, "a.4", Token))!.Sequence);
        Assert.Null(await Transport.LastAsync(StreamName.Jobs, "a.5", Token));
        Assert.Equal(101, await AppendAsync("b"));
        await using var follower = Follow();
        Assert.Equal([95, 101], (await follower.TakeAsync(2)).Select(message => message.Sequence));
    }

    [Fact]
    public async Task Refuses_a_message_whose_condition_does_not_hold_and_names_its_subject()
    {
        var first = await AppendAsync("a");

        foreach (var wrong in new[] { 0, first - 1, first + 1 })
            Assert.Equal(new AppendResult(Appended: false, 0, Refused: "a"), await Transport.AppendAsync([new(StreamName.Jobs, "a", default, wrong)], Token));
        Assert.Equal(new AppendResult(Appended: false, 0, Refused: "b"), await Transport.AppendAsync([new(StreamName.Jobs, "b", default, ExpectedLast: 1)], Token));
        Assert.Equal(1, (await Transport.StateAsync(StreamName.Jobs, Token)).LastSequence);
    }

    [Fact]
    public async Task Appends_a_message_whose_condition_holds()
    {
        var start = await Transport.AppendAsync([new(StreamName.Jobs, "a", default, ExpectedLast: 0)], Token);
        await AppendAsync("b");
        var fin = await Transport.AppendAsync([new(StreamName.Jobs, "a", default, start.Sequence)], Token);

        Assert.Equal(new AppendResult(Appended: true, 1), start);
        Assert.Equal(new AppendResult(Appended: true, 3), fin);
    }

    [Fact]
    public async Task Stops_at_the_first_refusal()
    {
        await AppendAsync("taken");

        var result = await Transport.AppendAsync(
            [new(StreamName.Jobs, "before", default), new(StreamName.Jobs, "taken", default, ExpectedLast: 0), new(StreamName.Jobs, "behind", default)], Token);

        Assert.False(result.Appended);
        Assert.Equal("taken", result.Refused);
        Assert.Null(await Transport.LastAsync(StreamName.Jobs, "behind", Token));
    }

    [Fact]
    public async Task A_condition_sees_the_messages_before_it_in_the_same_append()
    {
        var result = await Transport.AppendAsync([new(StreamName.Jobs, "a", default, ExpectedLast: 0), new(StreamName.Jobs, "a", default, ExpectedLast: 0)], Token);

        Assert.Equal((false, "a"), (result.Appended, result.Refused));
    }

    [Fact]
    public async Task Appends_to_several_logs_at_once()
    {
        await Transport.AppendAsync([new(StreamName.Jobs, "job.1", default), new(StreamName.Commands, "cmd.a.1", default), new(StreamName.WorkQueue, "any", default)], Token);

        Assert.NotNull(await Transport.LastAsync(StreamName.Jobs, "job.1", Token));
        Assert.NotNull(await Transport.LastAsync(StreamName.Commands, "cmd.a.1", Token));
        Assert.NotNull(await Transport.LastAsync(StreamName.WorkQueue, "any", Token));
    }

    [Fact]
    public async Task Exactly_one_of_many_contenders_is_first_on_a_subject()
    {
        const int Subjects = 2000;
        const int Contenders = 8;
        var winners = new int[Subjects];
        var refused = 0;

        await Task.WhenAll(Enumerable.Range(0, Contenders).Select(contender => Task.Run(async () =>
        {
            // Each contender has its own order, so that none is always first.
            var order = Enumerable.Range(0, Subjects).ToArray();
            new Random(contender).Shuffle(order);
            foreach (var chunk in order.Chunk(16))
                await Task.WhenAll(chunk.Select(async subject =>
                {
                    var result = await Transport.AppendAsync([new(StreamName.Jobs, $"state.{subject}._any", Bytes($"{contender}"), ExpectedLast: 0)], Token);
                    Interlocked.Add(ref result.Appended ? ref winners[subject] : ref refused, 1);
                }));
        }, Token)));

        Assert.All(winners, count => Assert.Equal(1, count));
        Assert.Equal(Subjects * (Contenders - 1), refused);
        Assert.Equal(Subjects, (await Transport.StateAsync(StreamName.Jobs, Token)).LastSequence);
    }

    [Fact]
    public async Task Appends_a_message_with_a_known_id_only_once()
    {
        Append message = new(StreamName.Commands, "cmd.a.1", Bytes("run"), MessageId: "1.a");
        var first = await Transport.AppendAsync([message], Token);
        await AppendAsync("cmd.a.2", stream: StreamName.Commands);

        var again = await Transport.AppendAsync([message], Token);

        Assert.Equal(first, again);
        Assert.Equal(2, (await Transport.StateAsync(StreamName.Commands, Token)).LastSequence);
    }

    [Fact]
    public async Task A_repeated_append_counts_as_appended_although_its_condition_no_longer_holds()
    {
        Append message = new(StreamName.Jobs, "state.1.a", Bytes("start"), ExpectedLast: 0, MessageId: "start.1.a");

        Assert.True((await Transport.AppendAsync([message], Token)).Appended);
        Assert.Equal(new AppendResult(Appended: true, 1), await Transport.AppendAsync([message], Token));
    }

    [Fact]
    public async Task An_id_is_known_in_its_log_only()
    {
        Append[] messages = [new(StreamName.Jobs, "a", default, MessageId: "1"), new(StreamName.Commands, "a", default, MessageId: "1")];

        await Transport.AppendAsync(messages, Token);

        Assert.NotNull(await Transport.LastAsync(StreamName.Jobs, "a", Token));
        Assert.NotNull(await Transport.LastAsync(StreamName.Commands, "a", Token));
    }

    [Fact]
    public async Task An_id_is_known_after_its_message_was_acknowledged()
    {
        Append message = new(StreamName.WorkQueue, "any", Bytes("run"), MessageId: "1");
        await Transport.AppendAsync([message], Token);
        await (await Transport.DequeueAsync(Token)).AcknowledgeAsync(Token);

        await Transport.AppendAsync([message], Token);

        Assert.Null(await Transport.LastAsync(StreamName.WorkQueue, "any", Token));
    }

    [Fact]
    public async Task Concurrent_appends_with_one_id_store_one_message()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => Transport.AppendAsync([new(StreamName.Jobs, "a", default, MessageId: "1")], Token), Token)));

        Assert.All(results, result => Assert.Equal(new AppendResult(Appended: true, 1), result));
        Assert.Equal(1, (await Transport.StateAsync(StreamName.Jobs, Token)).LastSequence);
    }

    [Fact]
    public async Task The_log_keeps_its_messages_its_position_and_its_creation_time()
    {
        var empty = await Transport.StateAsync(StreamName.Jobs, Token);
        await AppendAsync("a", "kept");
        Transport = await Fixture.ReopenAsync();

        Assert.Equal("kept", (await Transport.LastAsync(StreamName.Jobs, "a", Token))!.Text());
        Assert.Equal(empty with { LastSequence = 1 }, await Transport.StateAsync(StreamName.Jobs, Token));
        Assert.Equal(2, await AppendAsync("a"));
    }

    [Fact]
    public async Task Times_of_messages_grow_and_the_clock_is_never_behind_them()
    {
        await using var follower = Follow();
        List<Message> messages = [];
        for (var i = 0; i < 20; i++)
        {
            await AppendAsync("a");
            messages.Add(await follower.NextAsync());
            Assert.True(Transport.ServerNow >= messages[^1].Time);
            await Fixture.LetPassAsync(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(messages.OrderBy(message => message.Time), messages);
        Assert.True(messages[^1].Time > messages[0].Time);
    }

    [Fact]
    public async Task Purging_a_subject_removes_its_messages_and_no_others()
    {
        await AppendAsync("a");
        await AppendAsync("b");
        await AppendAsync("a");

        await Transport.PurgeAsync(StreamName.Jobs, "a", before: null, Token);

        Assert.Null(await Transport.LastAsync(StreamName.Jobs, "a", Token));
        Assert.NotNull(await Transport.LastAsync(StreamName.Jobs, "b", Token));
        await using var follower = Follow();
        Assert.Equal(2, (await follower.NextAsync()).Sequence);
    }

    [Fact]
    public async Task A_purged_subject_is_one_without_messages_and_sequences_are_not_used_again()
    {
        await AppendAsync("a");
        await Transport.PurgeAsync(StreamName.Jobs, "a", before: null, Token);

        Assert.Equal(new AppendResult(Appended: true, 2), await Transport.AppendAsync([new(StreamName.Jobs, "a", default, ExpectedLast: 0)], Token));
    }

    [Fact]
    public async Task A_purge_up_to_a_message_leaves_it_and_those_after_it()
    {
        await AppendAsync("a", "1");
        await AppendAsync("b", "2");
        await AppendAsync("a", "3");
        var kept = await AppendAsync("a", "4");
        await AppendAsync("a", "5");

        await Transport.PurgeAsync(StreamName.Jobs, "a", kept, Token);
        await Transport.PurgeAsync(StreamName.Jobs, "nothing", kept, Token);

        await using var follower = Follow();
        Assert.Equal([2, 4, 5], (await follower.TakeAsync(3)).Select(message => message.Sequence));
        Assert.False((await Transport.AppendAsync([new(StreamName.Jobs, "a", default, ExpectedLast: 0)], Token)).Appended);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData("a.")]
    [InlineData("a b")]
    [InlineData("a.*")]
    [InlineData("a.>")]
    public async Task Refuses_what_is_not_a_subject(string subject)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Transport.AppendAsync([new(StreamName.Jobs, subject, default)], Token));
    }

    [Fact]
    public async Task Answers_a_ping() => await Transport.PingAsync(Token);

    [Fact]
    public async Task A_call_that_was_cancelled_before_it_began_does_nothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Transport.AppendAsync([new(StreamName.Jobs, "a", default)], cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Transport.LastAsync(StreamName.Jobs, "a", cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Transport.StateAsync(StreamName.Jobs, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Transport.PurgeAsync(StreamName.Jobs, "a", before: null, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Transport.PingAsync(cancelled));

        Assert.Equal(0, (await Transport.StateAsync(StreamName.Jobs, Token)).LastSequence);
    }

    [Fact]
    public async Task Any_sequence_of_conditional_appends_does_what_a_dictionary_would()
    {
        // Subjects differ between runs, because all runs share a store.
        var run = 0;
        await Gen.Select(Gen.Int[0, 3], Gen.Int[-1, 2]).Array[1, 25].SampleAsync(
            async steps =>
            {
                var prefix = $"run{Interlocked.Increment(ref run)}";
                Dictionary<int, long> model = [];
                foreach (var (subject, offset) in steps)
                {
                    var last = model.GetValueOrDefault(subject);
                    long? expected = offset < 0 ? null : last + offset;
                    var result = await Transport.AppendAsync([new(StreamName.Jobs, $"{prefix}.{subject}", default, expected)], Token);
                    if (result.Appended != offset <= 0 || (await Transport.LastAsync(StreamName.Jobs, $"{prefix}.{subject}", Token))?.Sequence != (result.Appended ? result.Sequence : last == 0 ? null : last))
                        return false;
                    if (result.Appended)
                        model[subject] = result.Sequence;
                }

                return true;
            },
            iter: 100, threads: 1);
    }
}
