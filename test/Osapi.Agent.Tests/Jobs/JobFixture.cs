using Microsoft.Extensions.Time.Testing;
using Osapi.Agent.Jobs;
using Osapi.Agent.Jobs.Ledgers;
using Osapi.Agent.Tests.Sample;
using Osapi.Operations.Agents;
using Osapi.Transport;
using Osapi.Transport.Embedded;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Tests.Jobs;

/// <summary>
/// A fixture with a store in its own directory, agents on it, and the records, commands and cancels that a controller
/// would write. The clock stands until it is advanced.
/// </summary>
internal sealed partial class JobFixture : IAsyncDisposable
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
        foreach (var agent in Enumerable.Reverse(agents))
            await agent.DisposeAsync();
        await Transport.DisposeAsync();
        limit.Dispose();
        root.Delete(recursive: true);
    }
}
