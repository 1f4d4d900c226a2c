using Microsoft.Extensions.DependencyInjection;
using Osapi.Controller.Jobs.Events;

namespace Osapi.Controller.Tests.Limits;

/// <summary>Tests of the cost of idle event streams.</summary>
[CollectionDefinition(nameof(EventStreamCostTests), DisableParallelization = true), Collection(nameof(EventStreamCostTests))]
public sealed class EventStreamCostTests() : ControllerTest(new AgentSetup("web-01"))
{
    private const int Jobs = 20;

    // Few enough that none waits by the fixture's clock, which stands.
    private const int Streams = 16;

    [Fact]
    public async Task Streams_of_all_jobs_read_each_change_once_together()
    {
        var feed = fixture.Controller.Services.GetRequiredService<JobEventFeed>();
        List<EventLines> streams = [];
        for (var i = 0; i < Streams; i++)
            streams.Add(await EventLines.OpenAsync(fixture, "/job/events"));
        var before = feed.Queries;

        for (var i = 0; i < Jobs; i++)
            await agent.RunAsync(await fixture.SubmitAsync("web-01"), agent.Ok());

        foreach (var stream in streams)
            for (var i = 0; i < 3 * Jobs; i++)
                Assert.NotNull((await stream.NextAsync())!.Id);
        // Each job is three messages, read by at most one stream each, and once more by the stream that found nothing.
        Assert.InRange(feed.Queries - before, 1, (2 * 3 * Jobs) + 2);
        foreach (var stream in streams)
            stream.Dispose();
    }

    [Fact]
    public async Task A_stream_that_fell_far_behind_misses_nothing()
    {
        var feed = fixture.Controller.Services.GetRequiredService<JobEventFeed>();
        var first = (await fixture.LogAsync()).Select(message => message.Sequence).DefaultIfEmpty(0).Max();
        List<string> ids = [];
        for (var i = 0; i < 30; i++)
        {
            ids.Add(await fixture.SubmitAsync("web-01"));
            await agent.RunAsync(ids[^1], agent.Ok());
            // A reader that keeps up advances the feed.
            feed.Next((await fixture.Transport.StateAsync(Transport.StreamName.Jobs, fixture.TestTimeout)).LastSequence);
        }

        using var behind = await EventLines.OpenAsync(fixture, "/job/events", $"{first}");
        List<string> seen = [];
        while (seen.Count < 90)
            seen.Add((await behind.NextAsync())!.Data!);

        Assert.All(ids, id => Assert.Equal(3, seen.Count(data => data.Contains(id, StringComparison.Ordinal))));
    }
}
