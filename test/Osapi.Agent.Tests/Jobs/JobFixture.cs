using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Osapi.Agent.Jobs;
using Osapi.Agent.Jobs.Ledgers;
using Osapi.Agent.Tests.Sample;
using Osapi.Operations;
using Osapi.Operations.Agents;
using Osapi.Transport;
using Osapi.Transport.Embedded;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Tests.Jobs;

/// <summary>
/// A fixture with a store in its own directory, agents on it, and the records, commands and cancels that a controller
/// would write. The clock stands until it is advanced.
/// </summary>
internal sealed class JobFixture : IAsyncDisposable
{
    public const string Host = "web-01";

    private readonly DirectoryInfo root = System.IO.Directory.CreateTempSubdirectory("osapi-agent-");
    private readonly CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly List<OsapiAgent> agents = [];
    private EmbeddedTransport? transport;

    public FakeTimeProvider Time { get; } = new(new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private TimeProvider? Clock { get; init; }

    public RecordingOperation RecordingOperation { get; } = new();

    /// <summary>The log lines of the agents.</summary>
    public LogWaiter LogLines { get; } = new();

    public EmbeddedTransport Transport => transport!;

    /// <summary>The token that is cancelled at the end of the test, or after a timeout.</summary>
    public CancellationToken Token => limit.Token;

    /// <summary>Opens the fixture with a clock that stands, or with the given one.</summary>
    public static async Task<JobFixture> OpenAsync(TimeProvider? clock = null)
    {
        JobFixture fixture = new() { Clock = clock };
        fixture.limit.CancelAfter(TimeSpan.FromSeconds(30));
        fixture.transport = await EmbeddedTransport.OpenAsync(new() { Directory = Path.Combine(fixture.root.FullName, "state"), TimeProvider = fixture.Clock ?? fixture.Time }, fixture.Token);
        return fixture;
    }

    public string StateDirectory(string name = Host) => Path.Combine(root.FullName, $"agent-{name}");

    public string LedgerDirectory(string name = Host) => Path.Combine(StateDirectory(name), "ledger");

    public Task<Ledger> OpenLedgerAsync(string name = Host) => Ledger.OpenAsync(new() { Directory = LedgerDirectory(name), Session = "old", Time = Clock ?? Time }, Token);

    public async Task<OsapiAgent> StartAgentAsync(
        string hostname = Host, string? ledger = null, int maxJobs = 10, ITransport? through = null, TimeProvider? time = null,
        Func<AgentOptions, AgentOptions>? with = null, bool isAlone = false)
    {
        NodeEnvironment node = new() { Transport = through ?? Transport, StateDirectory = StateDirectory(ledger ?? hostname), IsAlone = isAlone, Time = time ?? Clock ?? Time };
        AgentOptions options = new() { Hostname = hostname, MaxJobs = maxJobs };
        var agent = await OsapiAgent.StartAsync(node, with?.Invoke(options) ?? options, RecordingOperation.Handlers, LogLines, Token);
        agents.Add(agent);
        return agent;
    }

    /// <summary>
    /// Starts an agent whose clock stands and whose heartbeats are lost, like a suspended one; but its commands
    /// arrive, and signals if it is not deaf.
    /// </summary>
    public Task<OsapiAgent> StartFrozenAgentAsync(string ledger, int maxJobs = 10, FakeTimeProvider? time = null, bool isDeaf = true) => StartAgentAsync(
        ledger: ledger, maxJobs: maxJobs, time: time ?? new FakeTimeProvider(Time.GetUtcNow()),
        through: new FaultyTransport(Transport) { IsDeaf = isDeaf, Fail = (call, _) => call == Call.Signal ? Fault.Before : Fault.None });

    /// <summary>Starts an agent that takes over the name of a silent one.</summary>
    public async Task<OsapiAgent> TakeOverAsync(string ledger, int maxJobs = 10)
    {
        var starting = StartAgentAsync(ledger: ledger, maxJobs: maxJobs);
        await AdvanceUntilAsync(starting, TimeSpan.FromSeconds(1));
        return await starting;
    }

    /// <summary>Gets the record of a host.</summary>
    public async Task<AgentInfo> RecordAsync(string host = Host) =>
        (await HostRecords.FindAsync(Transport, HostKey.Of(host), Token))!.WithRosterEntry(Roster.TryRead(await Transport.Roster.GetAsync(HostKey.Of(host), Token)));

    /// <summary>Waits for a record of a host that meets a condition.</summary>
    public async Task<AgentInfo> RecordAsync(Func<AgentInfo, bool> wanted, string host = Host)
    {
        await foreach (var entry in Transport.Hosts.WatchAsync(Token))
            if (entry.Key == HostKey.Of(host) && HostRecords.TryRead(entry)?.WithRosterEntry(Roster.TryRead(await Transport.Roster.GetAsync(entry.Key, Token))) is { } known && wanted(known))
                return known;
        throw new InvalidOperationException("The store has been closed.");
    }

    /// <summary>Drains a host as a controller does.</summary>
    public async Task DrainAsync(string host = Host)
    {
        await WriteRosterEntryAsync(host, new(Transport.ServerNow, "operator", "kernel update"));
        await Transport.Signals.SendAsync(Subjects.RecordChanged(HostKey.Of(host)), ReadOnlyMemory<byte>.Empty, Token);
    }

    public async Task UndrainAsync(string host = Host)
    {
        await WriteRosterEntryAsync(host, null);
        await Transport.Signals.SendAsync(Subjects.RecordChanged(HostKey.Of(host)), ReadOnlyMemory<byte>.Empty, Token);
    }

    /// <summary>Writes a roster entry of a host.</summary>
    public async Task WriteRosterEntryAsync(string host, AgentDrain? drain)
    {
        var known = await Transport.Roster.GetAsync(HostKey.Of(host), Token);
        RosterEntry next = new() { Name = host, Drain = drain, Version = (Roster.TryRead(known)?.Version ?? 0) + 1 };
        Assert.NotNull(await Transport.Roster.PutAsync(HostKey.Of(host), Roster.Bytes(next), known?.Revision ?? 0, Token));
    }

    /// <summary>Accepts a job for one host.</summary>
    public Task<string> SubmitAsync(string name, Operation<Work, WorkDone>? operation = null, double startWithin = 10, int? size = null, string host = Host) =>
        SubmitAsync(host, operation ?? WorkOperations.Act, new() { Name = name, Size = size }, startWithin);

    /// <summary>Accepts a job for any host.</summary>
    public Task<string> SubmitForAnyAsync(string name, Operation<Work, WorkDone>? operation = null, double startWithin = 10, int? size = null) =>
        SubmitAsync(null, operation ?? WorkOperations.Act, new() { Name = name, Size = size }, startWithin);

    /// <summary>Cancels as a controller does: first in the log, and when it is too late by a command to the host.</summary>
    public async Task CancelAsync(string jobId, string executor = Host, string host = Host)
    {
        if (!await AppendStateAsync(jobId, executor, new() { Kind = JobEventKind.Cancelled }, after: 0))
            await AppendCommandAsync(host, jobId, JobJson.Bytes(new JobCommand { Kind = CommandKind.Cancel, JobId = JobIds.Of(jobId) }));
    }

    public Task AppendCommandAsync(string host, string jobId, ReadOnlyMemory<byte> payload) =>
        Transport.AppendAsync([new(StreamName.Commands, Subjects.Command(HostKey.Of(host), JobIds.Of(jobId)), payload)], Token);

    public async Task<bool> AppendStateAsync(string jobId, string executor, JobEvent state, long? after = null) =>
        (await Transport.AppendAsync([new(StreamName.Jobs, Subjects.State(JobIds.Of(jobId), executor), JobJson.Bytes(state), after)], Token)).Appended;

    /// <summary>Waits until the executor's newest state is an end, and gets its reply.</summary>
    public async Task<HostReply> EndAsync(string jobId, string executor = Host)
    {
        var state = await WaitForStateAsync(jobId, executor, JobEventKind.Finished, JobEventKind.Expired, JobEventKind.Cancelled);
        return state.Kind == JobEventKind.Finished
            ? HostReply.Read((await JobEntries.LoadAsync(Transport, state, Token)).Entry!.Value)
            : new() { Hostname = "", Outcome = JobStatusRules.OutcomeOf(state) };
    }

    /// <summary>Waits for a state of one of these kinds.</summary>
    public async Task<JobEvent> WaitForStateAsync(string jobId, string executor, params JobEventKind[] kinds)
    {
        await foreach (var message in Transport.FollowAsync(StreamName.Jobs, Subjects.State(JobIds.Of(jobId), executor), 0, Token))
            if (JobJson.Event(message.Payload) is var state && kinds.Contains(state.Kind))
                return state;
        throw new InvalidOperationException("The log has ended.");
    }

    /// <summary>Gets every state that an executor has had so far.</summary>
    public async Task<IReadOnlyList<JobEventKind>> StatesAsync(string jobId, string executor = Host)
    {
        List<JobEventKind> states = [];
        var last = await Transport.LastAsync(StreamName.Jobs, Subjects.State(JobIds.Of(jobId), executor), Token);
        if (last is not null)
            await foreach (var message in Transport.FollowAsync(StreamName.Jobs, Subjects.State(JobIds.Of(jobId), executor), 0, Token))
            {
                states.Add(JobJson.Event(message.Payload).Kind);
                if (message.Sequence == last.Sequence)
                    break;
            }

        return states;
    }

    /// <summary>
    /// Advances the clock repeatedly until a task completes, because it is not known when the task starts to wait.
    /// </summary>
    public async Task AdvanceUntilAsync(Task happened, TimeSpan step)
    {
        while (!happened.IsCompleted)
        {
            Token.ThrowIfCancellationRequested();
            Time.Advance(step);
            await Task.WhenAny(happened, Transport.PingAsync(Token));
        }

        await happened;
    }

    public async ValueTask DisposeAsync()
    {
        // Work left over from a failed test.
        RecordingOperation.ReleaseAll();
        foreach (var agent in agents)
            await agent.DisposeAsync();
        await Transport.DisposeAsync();
        limit.Dispose();
        root.Delete(recursive: true);
    }

    private async Task<string> SubmitAsync(string? host, Operation operation, Work work, double startWithin)
    {
        var id = Guid.NewGuid().ToString();
        var request = JsonSerializer.SerializeToUtf8Bytes(work, WorkJson.Requests.Work);
        JobRecord record = new()
        {
            Id = JobIds.Of(id),
            Operation = operation.Id,
            Request = request,
            Target = host ?? "_any",
            Hosts = host is null ? [] : [host],
            AnyHost = host is null,
            Created = Transport.ServerNow,
            StartWithin = startWithin,
            Timeout = 60,
        };
        var command = JobJson.Bytes(new JobCommand { Kind = CommandKind.Run, JobId = JobIds.Of(id), Operation = operation.Id, Request = request, StartWithin = startWithin });
        await Transport.AppendAsync(
            [
                new(StreamName.Jobs, Subjects.Record(JobIds.Of(id)), JobJson.Bytes(record), 0),
                host is null ? new(StreamName.WorkQueue, operation.Quick ? Subjects.Quick : Subjects.Any, command) : new(StreamName.Commands, Subjects.Command(HostKey.Of(host), JobIds.Of(id)), command),
            ],
            Token);
        return id;
    }
}
