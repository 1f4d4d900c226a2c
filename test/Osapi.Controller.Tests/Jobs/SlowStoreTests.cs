using System.Net;
using Osapi.Controller.Limits;
using Osapi.Transport;

namespace Osapi.Controller.Tests.Jobs;

/// <summary>A caller gets an answer within 10 seconds with any behaviour of the store, and the job is not lost.</summary>
public sealed class SlowStoreTests() : ControllerTest(new ControllerSetup
{
    HasBreakableConnection = true,
    Agents = [new("web-01", AnswersOk: true)],
})
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly string id = $"{Guid.NewGuid()}";

    [Fact]
    public async Task A_job_that_is_not_read_in_time_is_named_and_a_repeated_request_joins_it()
    {
        await DeafAsync();
        var begin = fixture.Time.GetTimestamp();

        var refused = await fixture.AdvanceUntilAsync(fixture.SendAsync("GET", "/node/web-01/hostname", key: id), Second);

        Assert.True(fixture.Time.GetElapsedTime(begin) >= BrokerWait.Limit);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
        Assert.Equal(id, refused.Json.GetProperty("job_id").GetString());
        Assert.Contains($"job {id} may have been accepted: read it by its id, or send the same request again with this id as Idempotency-Key", refused.Json.GetProperty("detail").GetString()!, StringComparison.Ordinal);

        connection.See = state => state;
        var answer = await fixture.AdvanceUntilAsync(fixture.SendAsync("GET", "/node/web-01/hostname", key: id), Second);
        Assert.NotEqual(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Equal(id, (await fixture.AdvanceUntilAsync(fixture.GetAsync($"/job/{id}"), Second)).Assert2xx().Json.GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_job_whose_append_fails_is_named()
    {
        connection.FailAfter = message => message.Stream == StreamName.Jobs && message.Subject.Contains(id, StringComparison.Ordinal);

        var refused = await fixture.AdvanceUntilAsync(fixture.SendAsync("GET", "/node/web-01/hostname", key: id), Second);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
        Assert.Equal(id, refused.Json.GetProperty("job_id").GetString());
        connection.FailAfter = null;
        // The time that passes meanwhile may expire the job, which is an answer, too.
        var answer = await fixture.AdvanceUntilAsync(fixture.SendAsync("GET", "/node/web-01/hostname", key: id), Second);
        Assert.NotEqual(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Equal(id, answer.Json.GetProperty("job_id").GetString());
    }

    // The log stores appended messages and delivers none.
    private async Task DeafAsync()
    {
        connection.See = _ => throw new TransportException("the store does not answer");
        connection.BreakFollowers();
        await fixture.WaitForLogLineAsync("The log of jobs cannot be read");
    }
}
