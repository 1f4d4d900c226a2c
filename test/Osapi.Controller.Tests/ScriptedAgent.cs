using System.Text.Json;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Tests;

/// <summary>An agent that follows the protocol under the control of a test.</summary>
internal sealed class ScriptedAgent(ControllerFixture fixture, string name, IReadOnlyDictionary<string, string> labels) : IDisposable
{
    private readonly CancellationTokenSource stop = new();

    public string Key { get; } = HostKey.Of(name);

    public string Ledger { get; set; } = $"ledger-of-{name}";

    public string Session { get; private set; } = "session-1";

    public static async Task<ScriptedAgent> RegisterAsync(ControllerFixture fixture, string name, (string Key, string Value)[] labels)
    {
        ScriptedAgent agent = new(fixture, name, labels.ToDictionary());
        await agent.RegisterAsync();
        return agent;
    }

    /// <summary>Registers this session of the agent; the controller knows it when this completes.</summary>
    public async Task RegisterAsync()
    {
        var now = fixture.Transport.ServerNow;
        AgentInfo info = new() { Hostname = name, Ledger = Ledger, Session = Session, Labels = labels, RegisteredAt = now, StartedAt = now };
        await ChangeAsync(known => info with { Drain = known?.Drain, CordonedAt = known?.CordonedAt, Timeline = known?.Timeline ?? [] });
        await fixture.WaitForAgentAsync(name, Session);
    }

    /// <summary>Changes the agent's record, as the agent itself.</summary>
    public Task ChangeAsync(Func<AgentInfo?, AgentInfo> change) =>
        HostRecords.ChangeAsync(fixture.Transport, Key, known => change(known) with { UpdatedAt = fixture.Transport.ServerNow }, fixture.TestTimeout);

    /// <summary>Records that this session has stopped.</summary>
    public Task StopAsync() => ChangeAsync(known => (known! with { StoppedAt = fixture.Transport.ServerNow }).WithEvent("stopped", "Stopped", fixture.Transport.ServerNow));

    public Task RestartAsync(string session)
    {
        Session = session;
        return RegisterAsync();
    }

    /// <summary>Answers every job, directed or for any host, from now on.</summary>
    public ScriptedAgent Answers(Func<JobCommand, HostReply> answer)
    {
        _ = FollowAsync(answer);
        foreach (var queue in Enum.GetValues<QueueName>())
            _ = DequeueAsync(queue, answer);
        return this;
    }

    public ScriptedAgent AnswersOk() => Answers(_ => Ok());

    /// <summary>Claims a job; null when another agent, or a deadline, was first.</summary>
    public async Task<long?> StartAsync(string jobId, bool any = false)
    {
        var result = await fixture.Transport.AppendAsync(
            [new(StreamName.Jobs, Subjects.State(JobId.Parse(jobId), any ? HostKey.Any : Key), JobJson.Bytes(State(JobEventKind.Start)), ExpectedLast: 0)], fixture.TestTimeout);
        return result.Appended ? result.Sequence : null;
    }

    /// <summary>Ends a started job, after the state with that sequence.</summary>
    public async Task<bool> EndAsync(string jobId, long after, HostReply entry, bool any = false)
    {
        var executor = any ? HostKey.Any : Key;
        var fin = await JobEntries.FinishedAsync(fixture.Transport, State(JobEventKind.Start), JobId.Parse(jobId), executor, JobEntries.Bytes(entry), fixture.TestTimeout);
        return (await fixture.Transport.AppendAsync([new(StreamName.Jobs, Subjects.State(JobId.Parse(jobId), executor), JobJson.Bytes(fin), after)], fixture.TestTimeout)).Appended;
    }

    public async Task<bool> RunAsync(string jobId, HostReply entry, bool any = false) =>
        await StartAsync(jobId, any) is { } start && await EndAsync(jobId, start, entry, any);

    public Task SendHeartbeatAsync(Func<AgentHeartbeat, AgentHeartbeat>? with = null)
    {
        AgentHeartbeat beat = new() { Ledger = Ledger, Session = Session };
        return fixture.Transport.Signals.SendAsync(Subjects.Heartbeat(Key), JobJson.Bytes(with?.Invoke(beat) ?? beat), fixture.TestTimeout);
    }

    public HostReply Ok(string result = """{"os_hostname":"real"}""") => new() { Hostname = name, Outcome = Outcome.Ok, Result = JsonElement.Parse(result) };

    public HostReply Failed(ErrorType type, string error) => new() { Hostname = name, Outcome = Outcome.Failed, Error = error, ErrorType = type };

    /// <summary>Waits for the next command of the kind to this host.</summary>
    public async Task<JobCommand> CommandAsync(CommandKind kind)
    {
        await foreach (var message in fixture.Transport.FollowAsync(StreamName.Commands, Subjects.CommandsOf(Key), 0, fixture.TestTimeout))
            if (JobJson.Command(message.Payload) is { } command && command.Kind == kind)
                return command;
        throw new InvalidOperationException("The log ended.");
    }

    public void Dispose() => stop.Cancel();

    private JobEvent State(JobEventKind kind) => new() { Kind = kind, Host = name, Ledger = Ledger, Session = Session };

    private async Task FollowAsync(Func<JobCommand, HostReply> answer)
    {
        await foreach (var message in fixture.Transport.FollowAsync(StreamName.Commands, Subjects.CommandsOf(Key), 0, stop.Token))
            if (JobJson.Command(message.Payload) is { Kind: CommandKind.Run } command)
                await RunAsync(command.JobId.ToString(), answer(command));
    }

    private async Task DequeueAsync(QueueName queue, Func<JobCommand, HostReply> answer)
    {
        while (true)
        {
            var delivery = await fixture.Transport.DequeueAsync(queue, stop.Token);
            var command = JobJson.Command(delivery.Message.Payload);
            await RunAsync(command.JobId.ToString(), answer(command), any: true);
            await delivery.AcknowledgeAsync(stop.Token);
        }
    }
}
