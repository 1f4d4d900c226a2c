using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Osapi.Controller.Jobs.Active;
using Osapi.Controller.Jobs.Supervision;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Embedded;
using Osapi.Transport.Jobs;
using Osapi.Transport.Trust;

namespace Osapi.Controller.Tests.Jobs;

/// <summary>Tests of the answer to an agent that asks whether a job may start, because its command may be old.</summary>
public sealed class ConfirmationTests : IAsyncLifetime
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("osapi-confirm-");
    private readonly FakeTimeProvider storeTime = new(new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly FakeTimeProvider time = new();
    private readonly ControllerKeys keys = ControllerKeys.Create();
    private readonly HostKeyTable hosts = new();
    private readonly SkippedMessages skipped = new(NullLogger.Instance, TimeProvider.System);
    private EmbeddedTransport store = null!;
    private TrustedTransport controller = null!;
    private ActiveJobs active = null!;
    private StateConfirmer confirmer = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = await EmbeddedTransport.OpenAsync(new() { Directory = directory.FullName, TimeProvider = storeTime }, Token);
        controller = TrustedTransport.ForController(store, new(keys), hosts, new(), skipped);
        active = new(time);
        confirmer = new(controller, active, skipped, time, NullLogger<StateConfirmer>.Instance);
        await confirmer.StartAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        await confirmer.StopAsync(CancellationToken.None);
        confirmer.Dispose();
        await store.DisposeAsync();
        keys.Dispose();
        directory.Delete(recursive: true);
    }

    [Theory]
    [InlineData("web-01", true)]
    [InlineData("web-01", false)]
    [InlineData(HostKey.Any, true)]
    [InlineData(HostKey.Any, false)]
    public async Task A_job_that_was_accepted_may_start(string executor, bool isActive)
    {
        var agent = Agent("web-01");
        var job = await AcceptAsync(executor, isActive);

        Assert.True(await StateConfirmation.MayStartAsync(agent, job, executor, Token));
        Assert.False(await StateConfirmation.MayStartAsync(agent, JobIds.Of("another"), executor, Token));
    }

    [Fact]
    public async Task A_job_for_other_hosts_may_not()
    {
        var agent = Agent("web-02");
        var job = await AcceptAsync("web-01", isActive: true);

        Assert.False(await StateConfirmation.MayStartAsync(agent, job, "web-02", Token));
        Assert.False(await StateConfirmation.MayStartAsync(agent, job, HostKey.Any, Token));
    }

    [Theory]
    [InlineData(JobEventKind.Expired)]
    [InlineData(JobEventKind.Cancelled)]
    public async Task A_job_that_is_over_may_not(JobEventKind kind)
    {
        var agent = Agent("web-01");
        var job = await AcceptAsync("web-01", isActive: true);
        await controller.AppendAsync([new(StreamName.Jobs, Subjects.State(job, "web-01"), JobJson.Bytes(new JobEvent { Kind = kind }), 0)], Token);

        Assert.False(await StateConfirmation.MayStartAsync(agent, job, "web-01", Token));
    }

    [Fact]
    public async Task A_job_that_another_host_started_may_not_and_a_hosts_own_may()
    {
        var (web, db) = (Agent("web-01"), Agent("db-01"));
        var job = await AcceptAsync(HostKey.Any, isActive: true);
        await web.AppendAsync([new(StreamName.Jobs, Subjects.State(job, HostKey.Any), JobJson.Bytes(new JobEvent { Kind = JobEventKind.Start, Host = "web-01", Ledger = "l", Session = "s" }), 0)], Token);

        Assert.True(await StateConfirmation.MayStartAsync(web, job, HostKey.Any, Token));
        Assert.False(await StateConfirmation.MayStartAsync(db, job, HostKey.Any, Token));
    }

    [Theory]
    [InlineData(40, true)]
    [InlineData(41, false)]
    public async Task A_store_whose_clock_stands_gives_no_job_more_time(int seconds, bool may)
    {
        var agent = Agent("web-01");
        var job = await AcceptAsync("web-01", isActive: true);

        time.Advance(TimeSpan.FromSeconds(seconds));

        Assert.Equal(may, await StateConfirmation.MayStartAsync(agent, job, "web-01", Token));
    }

    [Fact]
    public async Task A_job_that_only_the_log_has_is_over_by_the_stores_clock()
    {
        var agent = Agent("web-01");
        var job = await AcceptAsync("web-01", isActive: false);

        storeTime.Advance(TimeSpan.FromSeconds(41));

        Assert.False(await StateConfirmation.MayStartAsync(agent, job, "web-01", Token));
    }

    private TrustedTransport Agent(string name)
    {
        using var agentKeys = AgentKeys.Create();
        hosts.Set(new(name, agentKeys.Public));
        return TrustedTransport.ForAgent(store, new(name, agentKeys, [keys.Public], static _ => { }), new(), skipped);
    }

    private async Task<JobId> AcceptAsync(string executor, bool isActive)
    {
        var any = executor == HostKey.Any;
        JobRecord record = new()
        {
            Id = JobIds.Of("job"),
            Operation = "node.hostname.get",
            Request = JobRecord.NoRequest,
            Target = any ? "_any" : executor,
            Hosts = any ? [] : [executor],
            AnyHost = any,
            Created = store.ServerNow,
            StartWithin = 10,
            Timeout = 10,
        };
        await controller.AppendAsync([new(StreamName.Jobs, Subjects.Record(record.Id), JobJson.Bytes(record), 0)], Token);
        if (isActive)
            active.Add(record);
        return record.Id;
    }
}
