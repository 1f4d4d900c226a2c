using System.Net;
using Osapi.Controller.Limits;

namespace Osapi.Controller.Tests.Limits;

/// <summary>Tests of many invalid tokens.</summary>
public sealed class FailedLoginTests : ControllerTest
{
    [Fact]
    public async Task After_a_few_failures_each_further_one_waits_and_valid_tokens_do_not()
    {
        for (var i = 0; i < 10; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await FailAsync()).Status);

        var delayed = FailAsync();
        Assert.Equal(HttpStatusCode.OK, (await fixture.GetAsync("/agent")).Status);
        Assert.False(delayed.IsCompleted);
        Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.AdvanceUntilAsync(delayed, TimeSpan.FromSeconds(1))).Status);

        fixture.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.Unauthorized, (await FailAsync()).Status);
    }

    [Fact]
    public async Task A_flood_of_failures_is_refused_and_does_not_lock_out_valid_callers()
    {
        List<Task<Answer>> flood = [.. Enumerable.Range(0, 100).Select(_ => FailAsync())];
        List<HttpStatusCode> statuses = [];
        while (flood.Count > FailedLogins.MaxWaiting)
        {
            var answered = await Task.WhenAny(flood);
            flood.Remove(answered);
            statuses.Add((await answered).Status);
            if ((await answered).Status == HttpStatusCode.TooManyRequests)
                Assert.Equal("1", (await answered).Message.Headers.RetryAfter!.ToString());
        }

        Assert.Equal(HttpStatusCode.OK, (await fixture.GetAsync("/agent")).Status);
        Assert.Equal((10, 74), (statuses.Count(status => status == HttpStatusCode.Unauthorized), statuses.Count(status => status == HttpStatusCode.TooManyRequests)));
        Assert.Contains(fixture.Logs.Lines, line => line.Contains("Limit reached: failed logins; refused address 127.0.0.1", StringComparison.Ordinal));
        foreach (var delayed in flood)
            Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.AdvanceUntilAsync(delayed, TimeSpan.FromSeconds(1))).Status);
    }

    [Fact]
    public async Task However_many_addresses_fail_only_so_many_are_remembered()
    {
        FailedLogins logins = new(new(), fixture.Time);

        for (var i = 0; i < 10_000; i++)
            await logins.WaitAsync($"10.0.{i / 256}.{i % 256}", fixture.TestTimeout);

        Assert.Equal(FailedLogins.MaxAddresses, logins.Count);
    }

    private Task<Answer> FailAsync() => fixture.SendAsync("GET", "/agent", token: "a.b.c");
}
