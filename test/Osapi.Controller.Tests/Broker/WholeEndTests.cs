using Osapi.Operations;
using Osapi.Operations.Agents;
using Osapi.Operations.Jobs;
using Osapi.Transport;
using Osapi.Transport.Jobs;
using Osapi.Transport.Tests.Nats;

namespace Osapi.Controller.Tests.Broker;

/// <summary>Tests of quick read-only operations on a real broker, which answer with one message.</summary>
public sealed class WholeEndTests : IAsyncLifetime
{
    private readonly SystemParts parts = new(limit: TimeSpan.FromMinutes(1));
    private TrustedParts trust = null!;
    private RunningController controller = null!;
    private ITransport observer = null!;

    private CancellationToken Token => parts.Token;

    public async ValueTask InitializeAsync()
    {
        trust = new(parts, parts.Keep(await NatsServer.StartAsync()));
        await trust.AgentTransportAsync("web-01");
        controller = await trust.StartControllerAsync();
        observer = await trust.ControllerTransportAsync();
        await trust.StartAgentAsync("web-01");
        while (!(await controller.Client.Agent.ListAsync(cancellationToken: Token)).Agents.Any(agent => agent.Status == AgentStatus.Ready))
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Token);
    }

    public async ValueTask DisposeAsync()
    {
        await parts.DisposeAsync();
        trust.Dispose();
    }

    [Theory]
    [InlineData("web-01", "web-01")]
    [InlineData("_any", HostKey.Any)]
    public async Task The_start_and_the_end_are_one_message_and_two_events(string target, string executor)
    {
        var reply = await controller.Client.Node.HostnameAsync(target, cancellationToken: Token);

        var id = reply.JobId;
        var message = Assert.Single(await observer.ReadAsync(StreamName.Jobs, Subjects.State(id, executor), after: 0, maxCount: 10, Token));
        Assert.True(JobEvent.TryParse(message, out var state, out _));
        Assert.Equal((JobEventKind.Finished, true), (state.Kind, state.Starts));
        var job = await controller.Client.Job.GetAsync(id, cancellationToken: Token);
        Assert.Equal(JobStatus.Completed, job.Status);
        Assert.Equal(["submitted", "started", "completed"], job.Timeline.Select(each => each.Event));
        List<JobUpdate> events = [];
        await foreach (var update in controller.Client.Job.WatchAsync(id, cancellationToken: Token))
            events.Add(update);
        Assert.Equal(["submitted", "started", "completed"], events.Select(each => each.Event));
        Assert.Equal((null, Outcome.Ok), (events[1].Outcome, events[2].Outcome));
    }

    [Fact]
    public async Task A_reader_that_stopped_before_the_end_gets_the_start_and_the_end_again()
    {
        var id = (await controller.Client.Node.HostnameAsync("web-01", cancellationToken: Token)).JobId;
        await controller.Client.Job.GetAsync(id, cancellationToken: Token);
        var record = (await observer.LastAsync(StreamName.Jobs, Subjects.Record(id), Token))!.Sequence;
        using HttpRequestMessage request = new(HttpMethod.Get, $"/job/{id}/events");
        request.Headers.Add("Last-Event-ID", $"{record}");

        using var response = await controller.Http.SendAsync(request, Token);

        var lines = (await response.Content.ReadAsStringAsync(Token)).Split('\n');
        Assert.Equal(["event: started", "event: completed", "event: end"], lines.Where(line => line.StartsWith("event:", StringComparison.Ordinal)));
        // Only the end has an id.
        Assert.Equal(1, lines.TakeWhile(line => line != "event: completed").Count(line => line.StartsWith("id:", StringComparison.Ordinal)));
        Assert.True(Array.FindIndex(lines, line => line.StartsWith("id:", StringComparison.Ordinal)) > Array.IndexOf(lines, "event: started"));
    }

    [Fact]
    public async Task An_end_alone_that_is_not_marked_changes_nothing()
    {
        var agent = await trust.AgentTransportAsync("db-01");
        var id = (await controller.Client.Node.HostnameAsync("web-01", cancellationToken: Token)).JobId;
        JobEvent end = new() { Kind = JobEventKind.Finished, Host = "db-01", Ledger = "l", Session = "s", Outcome = Outcome.Ok };
        await agent.AppendAsync([new(StreamName.Jobs, Subjects.State(id, "web-01"), JobJson.Bytes(end with { Starts = true }))], Token);

        Assert.Equal("web-01", Assert.Single((await controller.Client.Job.GetAsync(id, cancellationToken: Token)).Responses).Key);
        ExecutorFold fold = new(id, "web-01");
        Assert.NotNull(fold.GetRejection(end with { Host = "web-01" }));
        Assert.Null(fold.GetRejection(end with { Host = "web-01", Starts = true }));
        Assert.NotNull(fold.GetRejection(end with { Starts = true }));
    }
}
