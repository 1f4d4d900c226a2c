namespace Osapi.Transport.Tests.Contract;

public abstract partial class TransportContract
{
    [Fact]
    public async Task The_messages_of_a_subject_are_read_in_order_page_by_page_to_the_newest()
    {
        List<long> mine = [];
        for (var i = 0; i < 25; i++)
        {
            mine.Add(await AppendAsync("state.1.web", $"{i}"));
            await AppendAsync("state.1.web-01", "another");
        }

        List<Message> read = [];
        while (await Transport.ReadAsync(StreamName.Jobs, "state.1.web", read.Count == 0 ? 0 : read[^1].Sequence, maxCount: 10, Token) is { Count: > 0 } page)
        {
            Assert.True(page.Count <= 10);
            read.AddRange(page);
        }

        Assert.Equal(mine, read.Select(message => message.Sequence));
        Assert.Equal(Enumerable.Range(0, 25).Select(i => $"{i}"), read.Select(message => System.Text.Encoding.UTF8.GetString(message.Payload.Span)));
        Assert.All(read, message => Assert.Equal("state.1.web", message.Subject));
    }

    [Fact]
    public async Task Reading_a_subject_includes_what_was_appended_just_before_and_nothing_that_was_removed()
    {
        Assert.Empty(await Transport.ReadAsync(StreamName.Jobs, "state.1.web", after: 0, maxCount: 10, Token));
        for (var i = 0; i < 50; i++)
        {
            var sequence = await AppendAsync("state.1.web");
            Assert.Equal(sequence, (await Transport.ReadAsync(StreamName.Jobs, "state.1.web", sequence - 1, maxCount: 10, Token)).Single().Sequence);
            Assert.Empty(await Transport.ReadAsync(StreamName.Jobs, "state.1.web", sequence, maxCount: 10, Token));
        }

        var last = (await Transport.LastAsync(StreamName.Jobs, "state.1.web", Token))!.Sequence;
        await Transport.PurgeAsync(StreamName.Jobs, "state.1.web", last, Token);
        Assert.Equal([last], (await Transport.ReadAsync(StreamName.Jobs, "state.1.web", after: 0, maxCount: 10, Token)).Select(message => message.Sequence));
    }
}
