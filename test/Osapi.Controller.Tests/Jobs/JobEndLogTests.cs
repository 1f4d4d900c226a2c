using Osapi.Operations;

namespace Osapi.Controller.Tests.Jobs;

/// <summary>A controller logs a line for each job that is over.</summary>
public sealed class JobEndLogTests : ControllerTest
{
    private string[] Lines =>
        [.. fixture.Logs.Lines.Where(line => line.StartsWith("Information Job ", StringComparison.Ordinal)).Select(line => line.Split("  ")[0]["Information ".Length..])];

    [Fact]
    public async Task It_names_the_job_its_caller_and_how_many_hosts_ended_how()
    {
        var first = await fixture.AgentAsync("web-01");
        var second = await fixture.AgentAsync("web-02");
        await fixture.AgentAsync("web-03");
        var id = await fixture.SubmitAsync("_all", "?start_within=5");

        await first.RunAsync(id, first.Ok());
        await second.RunAsync(id, second.Failed(ErrorType.Failed, "s3cret"));
        fixture.Time.Advance(TimeSpan.FromSeconds(5));
        await fixture.WaitForEndAsync(id);

        Assert.Equal($"Job {id} (node.hostname.get) on _all for somebody ended: partial_failure; hosts: 1 ok, 1 failed, 1 other; 5000 ms", Assert.Single(Lines));
        Assert.DoesNotContain(Lines, line => line.Contains("s3cret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_job_that_ended_long_ago_is_not_logged_again_when_the_read_model_is_rebuilt()
    {
        var agent = await fixture.AgentAsync("web-01");
        var id = await fixture.SubmitAsync("web-01");
        await agent.RunAsync(id, agent.Ok());
        await fixture.WaitForEndAsync(id);
        await fixture.StopAsync();
        File.Delete(Path.Combine(fixture.Directory, "jobs.db"));
        fixture.Time.Advance(TimeSpan.FromMinutes(11));

        await fixture.StartAsync();
        await fixture.WaitForEndAsync(id);

        Assert.Single(Lines);
    }
}
