namespace Osapi.Agent.Tests.Jobs;

/// <summary>An agent logs a line for each job: id, operation, outcome and the time it took.</summary>
public sealed class JobLogTests : JobTest
{
    [Fact]
    public async Task A_job_that_ran_is_logged()
    {
        await fixture.StartAgentAsync();

        var id = await fixture.SubmitAsync("a");

        await fixture.LogLines.WaitForLineAsync($"Job {id} (work.act.execute) ended: ok; ").WaitAsync(fixture.Token);
    }
}
