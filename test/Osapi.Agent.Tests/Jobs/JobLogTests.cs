namespace Osapi.Agent.Tests.Jobs;

/// <summary>An agent logs a line for each job: id, operation, outcome and the time it took.</summary>
public sealed class JobLogTests : IAsyncLifetime
{
    private JobRoom room = null!;

    public async ValueTask InitializeAsync() => room = await JobRoom.OpenAsync();

    public ValueTask DisposeAsync() => room.DisposeAsync();

    [Fact]
    public async Task Of_a_job_that_ran()
    {
        await room.StartAgentAsync();

        var id = await room.AskAsync("a");

        await room.Said.SaidAsync($"Job {id} (work.act.execute) ended: ok; ").WaitAsync(room.Token);
    }
}
