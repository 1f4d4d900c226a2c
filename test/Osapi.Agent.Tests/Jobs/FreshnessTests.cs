using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Osapi.Agent.Tests.Sample;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;
using Osapi.Transport.Trust;

namespace Osapi.Agent.Tests.Jobs;

/// <summary>Tests that a command which is delivered late starts only when the controllers say so, by clocks that nobody else sets.</summary>
public sealed class FreshnessTests : JobTest
{
    private const double StartWithin = 10;

    private readonly ControllerKeys keys = ControllerKeys.Create();
    private readonly AgentKeys agentKeys = AgentKeys.Create();
    private readonly HostKeyTable hosts = new();
    private readonly ConcurrentQueue<JobId> asked = [];
    private TimeSpan sinceBoot = TimeSpan.FromHours(1);
    private ulong boot = 4711;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        keys.Dispose();
        agentKeys.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_recent_command_starts_at_once(bool any)
    {
        var controller = Controller();
        using var answering = Answer(controller, mayStart: false);
        await StartAgentAsync();
        await controller.Hosts.GetAsync(JobFixture.Host, fixture.Token);

        var job = await SubmitAsync(controller, any);

        Assert.Equal(JobEventKind.Finished, await EndAsync(controller, job, any));
        Assert.Empty(asked);
    }

    [Theory]
    [InlineData(false, 40, true, false)]
    [InlineData(true, 40, true, false)]
    [InlineData(false, 41, true, true)]
    [InlineData(true, 41, true, true)]
    [InlineData(false, 41, false, true)]
    [InlineData(true, 41, false, true)]
    public async Task One_that_was_withheld_starts_only_if_the_controllers_say_so(bool any, int seconds, bool starts, bool isAsked)
    {
        var controller = Controller();
        using var answering = Answer(controller, mayStart: starts);
        await KnowHostAsync(controller);
        var job = await SubmitAsync(controller, any);

        // The clock of the store stands: a hostile one says what it likes.
        sinceBoot += TimeSpan.FromSeconds(seconds);
        await StartAgentAsync();

        Assert.Equal(starts ? JobEventKind.Finished : JobEventKind.Expired, await EndAsync(controller, job, any));
        Assert.Equal(starts ? 1 : 0, fixture.RecordingOperation.Total);
        Assert.Equal(isAsked ? [JobIds.Of(job)] : [], asked.Distinct());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_a_reboot_and_from_a_controller_that_never_heard_the_host_nothing_starts_without_an_answer(bool isKnown)
    {
        var controller = Controller();
        if (isKnown)
            await KnowHostAsync(controller);
        var job = await SubmitAsync(controller, any: false);
        boot++;
        var agent = await StartAgentAsync();

        await fixture.LogLines.WaitForLineAsync("no controller confirmed").WaitAsync(fixture.Token);
        Assert.Equal(0, fixture.RecordingOperation.Total);
        // One that answers later is in time.
        using var answering = Answer(controller, mayStart: true);
        Assert.Equal(JobEventKind.Finished, await EndAsync(controller, job, any: false));
        await agent.DisposeAsync();
        Assert.Equal(1, fixture.RecordingOperation.Total);
    }

    [Fact]
    public async Task Without_an_answer_within_its_start_limit_a_job_is_never_started()
    {
        var controller = Controller();
        var job = await SubmitAsync(controller, any: false);
        var agent = await StartAgentAsync();
        await fixture.LogLines.WaitForLineAsync("no controller confirmed").WaitAsync(fixture.Token);

        fixture.Time.Advance(TimeSpan.FromSeconds(StartWithin + 1));
        await agent.DisposeAsync();

        Assert.Equal(0, fixture.RecordingOperation.Total);
        Assert.Null(await controller.LastAsync(StreamName.Jobs, Subjects.State(JobIds.Of(job), JobFixture.Host), fixture.Token));
    }

    private TrustedTransport Controller() => TrustedTransport.ForController(fixture.Transport, new(keys), hosts, new(), new SkippedMessages(NullLogger.Instance, fixture.Time), fixture.Time);

    private async Task<OsapiAgent> StartAgentAsync()
    {
        hosts.Set(new(JobFixture.Host, agentKeys.Public));
        return await fixture.StartAgentAsync(through: TrustedTransport.ForAgent(
            fixture.Transport, new(JobFixture.Host, agentKeys, [keys.Public], static _ => { }), new(), new SkippedMessages(NullLogger.Instance, fixture.Time), new BootClock(boot, () => sinceBoot)));
    }

    // Its record tells its time.
    private async Task KnowHostAsync(TrustedTransport controller)
    {
        var agent = await StartAgentAsync();
        Assert.NotNull(await controller.Hosts.GetAsync(JobFixture.Host, fixture.Token));
        await agent.DisposeAsync();
    }

    private async Task<string> SubmitAsync(TrustedTransport controller, bool any)
    {
        hosts.Set(new(JobFixture.Host, agentKeys.Public));
        var id = Guid.NewGuid().ToString();
        var request = JsonSerializer.SerializeToUtf8Bytes(new Work { Name = "a" }, WorkJson.Requests.Work);
        var command = JobJson.Bytes(new JobCommand { Kind = CommandKind.Run, JobId = JobIds.Of(id), Operation = WorkOperations.Act.Id, Request = request, StartWithin = StartWithin });
        await controller.AppendAsync([any ? new(StreamName.WorkQueue, Subjects.Any, command) : new(StreamName.Commands, Subjects.Command(JobFixture.Host, JobIds.Of(id)), command)], fixture.Token);
        return id;
    }

    private CancellationTokenSource Answer(TrustedTransport controller, bool mayStart)
    {
        var ending = CancellationTokenSource.CreateLinkedTokenSource(fixture.Token);
        _ = AnswerAsync(controller, mayStart, ending.Token);
        return ending;
    }

    private async Task AnswerAsync(TrustedTransport controller, bool mayStart, CancellationToken cancellationToken)
    {
        await foreach (var signal in controller.Signals.ListenAsync(Subjects.Confirmations, cancellationToken))
        {
            Assert.True(ConfirmRequest.TryParse(signal.Payload, out var request));
            asked.Enqueue(request.JobId);
            ConfirmReply reply = new() { JobId = request.JobId, Executor = request.Executor, Nonce = request.Nonce, LastSequence = 0, MayStart = mayStart };
            await controller.Signals.SendAsync(Subjects.Confirmed(JobFixture.Host), JobJson.Bytes(reply), cancellationToken);
        }
    }

    private async Task<JobEventKind> EndAsync(TrustedTransport controller, string job, bool any)
    {
        await foreach (var message in controller.FollowAsync(StreamName.Jobs, Subjects.State(JobIds.Of(job), any ? HostKey.Any : JobFixture.Host), 0, fixture.Token))
            if (JobEvent.TryParse(message, out var state, out _) && state.Kind != JobEventKind.Start)
                return state.Kind;
        throw new InvalidOperationException("The log has ended.");
    }
}
