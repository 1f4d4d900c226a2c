using Osapi.Operations.Agents;
using Osapi.Transport.Jobs;

namespace Osapi.Transport.Tests.Contract;

public abstract partial class TransportContract
{
    [Fact]
    public async Task An_agent_and_an_operator_that_change_a_hosts_record_at_once_do_not_undo_each_other()
    {
        const int Rounds = 40;
        await RegisterAsync("web-01");

        await Task.WhenAll(
            Task.Run(() => AgentAsync(), Token),
            Task.Run(() => OperatorAsync("first"), Token),
            Task.Run(() => OperatorAsync("second"), Token));

        var record = await HostRecords.FindAsync(Transport, "web-01", Token);
        Assert.Equal($"{Rounds}", record!.Version);
        Assert.NotNull(record.Drain);
        Assert.Equal(AgentInfo.MaxTimeline, record.Timeline.Count);
        Assert.Equal(AgentState.Draining, record.State);

        // Writes the agent's part repeatedly; never the operator's part.
        async Task AgentAsync()
        {
            for (var round = 1; round <= Rounds; round++)
                await HostRecords.ChangeAsync(Transport, "web-01", known => known! with { Version = $"{round}" }, Token);
        }

        // The last decision is to drain. The agent's part always stays as the agent left it.
        async Task OperatorAsync(string name)
        {
            for (var round = 0; round < Rounds; round++)
            {
                var before = int.Parse((await HostRecords.FindAsync(Transport, "web-01", Token))!.Version!, System.Globalization.CultureInfo.InvariantCulture);
                var stored = await HostRecords.ChangeAsync(
                    Transport, "web-01", known => (known! with { Drain = new(Transport.ServerNow, name, null) }).WithEvent("drain", "Drained", Transport.ServerNow, name), Token);
                Assert.True(int.Parse(JobJson.Agent(stored!.Value).Version!, System.Globalization.CultureInfo.InvariantCulture) >= before);
            }
        }
    }

    [Fact]
    public async Task One_of_several_agents_gets_the_name_of_a_dead_one()
    {
        var dead = (await RegisterAsync("web-01")).Revision;

        var taken = await Task.WhenAll(Enumerable.Range(0, 16).Select(number => Task.Run(
            () => Transport.Hosts.PutAsync("web-01", JobJson.Bytes(new AgentInfo { Hostname = "web-01", Ledger = $"new {number}", Session = "s" }), dead, Token), Token)));

        var winner = Array.FindIndex(taken, revision => revision is not null);
        Assert.Single(taken, revision => revision is not null);
        Assert.Equal($"new {winner}", (await HostRecords.FindAsync(Transport, "web-01", Token))!.Ledger);
    }

    [Fact]
    public async Task A_complete_agent_record_survives_a_round_trip()
    {
        AgentInfo said = new()
        {
            Hostname = "web.01",
            Ledger = "ledger",
            Session = "session",
            Facts = new() { Hostname = "web-01", KernelVersion = "6.1.0", Interfaces = [new() { Name = "eth0", Ipv4 = "10.0.0.1" }] },
            Conditions = [new(AgentConditionType.HighLoad, true, DateTimeOffset.UnixEpoch, "load")],
            Drain = new(DateTimeOffset.UnixEpoch, "operator", "reason"),
            StoppedAt = DateTimeOffset.UnixEpoch,
        };

        var stored = await HostRecords.ChangeAsync(Transport, "web=2E01", known => known is null ? said : null, Token);
        var read = await Transport.Hosts.GetAsync("web=2E01", Token);

        Assert.Equal(JobJson.Bytes(said), read!.Value.ToArray());
        Assert.Equal(stored!.Revision, read.Revision);
        Assert.Equal(JobJson.Bytes(said), JobJson.Bytes(HostRecords.TryRead(read)!));
        Assert.Null(await HostRecords.ChangeAsync(Transport, "web=2E01", known => known is null ? said : null, Token));
    }

    private async Task<KeyValue> RegisterAsync(string host) =>
        (await HostRecords.ChangeAsync(Transport, host, _ => new() { Hostname = host, Ledger = "dead", Session = "session", Version = "0" }, Token))!;
}
