using System.Globalization;
using System.Text;

namespace Osapi.Transport.Tests.Nats;

/// <summary>
/// Tests of a broker's reader that leaves out the first message after its position, as one did that was placed during an election: the request for
/// it is changed on its way, so that the server itself begins one message too late and counts without a gap.
/// </summary>
public sealed class LeftOutMessageTests(NatsServerFixture fixture) : RelayTest(fixture)
{
    private int changed;

    [Theory]
    [InlineData("", 2)]
    [InlineData("", 1)]
    [InlineData("a.", 2)]
    public async Task What_the_reader_after_an_interruption_leaves_out_arrives_all_the_same(string prefix, int appended)
    {
        await AppendAsync(2);
        await using var messages = behindRelay.FollowAsync(StreamName.Jobs, prefix, 0, Token).GetAsyncEnumerator(Token);
        await ExpectAsync(messages, 1, 2);

        relay.SwallowAnswers();
        await AppendAsync(appended);
        LeaveOutNext(after: 2);
        relay.Cut();

        // Of two, the second shows that one is missing; after a single one nothing comes that could show it.
        await ExpectAsync(messages, [.. Enumerable.Range(3, appended)]);
        Assert.Equal(1, changed);
        Assert.Contains(logger.Lines, line => line.Contains("left out 3", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_first_reader_of_a_log_leaves_out_arrives_all_the_same()
    {
        await AppendAsync(3);
        LeaveOutNext(after: 0);

        await using var messages = behindRelay.FollowAsync(StreamName.Jobs, "", 0, Token).GetAsyncEnumerator(Token);

        await ExpectAsync(messages, 1, 2, 3);
        Assert.Equal(1, changed);
    }

    [Fact]
    public async Task What_was_removed_from_the_log_is_not_missed()
    {
        await AppendAsync(4);
        await direct.RemoveAsync(StreamName.Jobs, [1, 3], Token);

        await using var messages = behindRelay.FollowAsync(StreamName.Jobs, "", 0, Token).GetAsyncEnumerator(Token);

        await ExpectAsync(messages, 2, 4);
        Assert.DoesNotContain(logger.Lines, line => line.Contains("left out", StringComparison.Ordinal));
    }

    private async Task AppendAsync(int count)
    {
        for (var i = 0; i < count; i++)
            await direct.AppendAsync([new(StreamName.Jobs, "a.1", default)], Token);
    }

    private static async Task ExpectAsync(IAsyncEnumerator<Message> messages, params int[] sequences)
    {
        foreach (var sequence in sequences)
        {
            Assert.True(await messages.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), Token));
            Assert.Equal(sequence, messages.Current.Sequence);
        }
    }

    // Once: the one after it gets what it asks for.
    private void LeaveOutNext(int after)
    {
        var asked = Text(after + 1);
        relay.ChangeRequests = bytes =>
        {
            if (changed == 0 && bytes.Span.IndexOf(asked) is >= 0 and var at)
            {
                Text(after + 2).CopyTo(bytes.Span[at..]);
                changed++;
            }
        };
    }

    private static byte[] Text(int sequence) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\"opt_start_seq\":{sequence},"));
}
