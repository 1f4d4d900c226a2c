using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Osapi.Controller.Agents;
using Osapi.Transport.Jobs;
using Osapi.Transport.Trust;

namespace Osapi.Controller.Tests.Agents;

/// <summary>Tests of records of hosts that somebody repeats or removes: a known host stays known, as it was.</summary>
public sealed class RepeatedRecordTests() : ControllerTest(new ControllerSetup { Agents = [new("web-01")] })
{
    private AgentRegistry Registry => fixture.Controller.Services.GetRequiredService<AgentRegistry>();

    [Fact]
    public async Task A_repeated_record_is_passed_over_and_counted()
    {
        var old = (await fixture.Transport.Hosts.GetAsync(agent.Key, fixture.TestTimeout))!.Value;
        fixture.Time.Advance(TimeSpan.FromSeconds(2));
        await agent.RestartAsync("session-2");

        await fixture.Transport.Hosts.PutAsync(agent.Key, old, null, fixture.TestTimeout);
        // Records come in order.
        await fixture.AgentAsync("db-01");

        Assert.Equal("session-2", Registry.Find("web-01")!.Session);
        Assert.Equal(1, await SkippedAsync());
        await agent.RestartAsync("session-3");
        Assert.Equal("session-3", Registry.Find("web-01")!.Session);
    }

    [Fact]
    public async Task A_record_is_believed_after_the_clock_of_the_store_was_turned_back()
    {
        await fixture.Transport.Hosts.PutAsync(agent.Key, JobJson.Bytes(Registry.Find("web-01")! with { UpdatedAt = fixture.Transport.ServerNow.AddHours(1), Session = "session-2" }), null, fixture.TestTimeout);
        await fixture.WaitForAgentAsync("web-01", "session-2");

        await agent.RestartAsync("session-3");

        Assert.Equal("session-3", Registry.Find("web-01")!.Session);
    }

    [Fact]
    public async Task An_enrolled_host_whose_record_somebody_removed_stays_known_until_it_writes_it_again()
    {
        await EnrollAsync();
        var asked = NextAsync(Subjects.RecordChanged(agent.Key));

        await fixture.Transport.Hosts.DeleteAsync(agent.Key, fixture.TestTimeout);
        await asked;

        Assert.NotNull(Registry.Find("web-01"));
        Assert.Equal(HttpStatusCode.Accepted, (await fixture.SendAsync("GET", "/node/web-01/hostname", prefer: "respond-async")).Status);
        await agent.RegisterAsync();
        await fixture.AdvanceUntilAsync(UntilAsync(async () => await SkippedAsync() == 1), TimeSpan.FromSeconds(1));
        fixture.Time.Advance(AgentPresence.LostAfter);
        await fixture.AgentAsync("db-01");
        Assert.NotNull(Registry.Find("web-01"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_is_removed_when_it_does_not_return_or_the_operators_have_removed_it(bool isRevoked)
    {
        await EnrollAsync();

        await fixture.Transport.Hosts.DeleteAsync(agent.Key, fixture.TestTimeout);
        // As by another controller, whose entry arrives later.
        if (isRevoked)
            await PutAsync(Registry.Find("web-01") is not null ? 2 : 0, revokedAt: fixture.Time.GetUtcNow());

        var began = fixture.Time.GetUtcNow();
        await fixture.AdvanceUntilAsync(UntilAsync(() => Task.FromResult(Registry.Find("web-01") is null)), TimeSpan.FromSeconds(1));
        Assert.True(isRevoked || fixture.Time.GetUtcNow() - began >= AgentPresence.LostAfter);
        Assert.Equal(0, await SkippedAsync());
    }

    private async Task EnrollAsync()
    {
        await PutAsync(version: 1, revokedAt: null);
        await UntilAsync(() => Task.FromResult(fixture.Controller.Services.GetRequiredService<RosterReconciler>().Find(agent.Key) is { IsEnrolled: true }));
    }

    private async Task PutAsync(long version, DateTimeOffset? revokedAt)
    {
        using var keys = AgentKeys.Create();
        await fixture.Transport.Roster.PutAsync(agent.Key, Roster.Bytes(new RosterEntry { Name = "web-01", Key = keys.Public.ToString(), Version = version, RevokedAt = revokedAt }), null, fixture.TestTimeout);
    }

    private async Task<long> SkippedAsync() => (await fixture.GetAsync("/health/status")).Assert2xx().Json.GetProperty("passed_over").GetInt64();

    private async Task NextAsync(string subject)
    {
        await foreach (var _ in fixture.Transport.Signals.ListenAsync(subject, fixture.TestTimeout))
            return;
    }

    private async Task<bool> UntilAsync(Func<Task<bool>> isSo)
    {
        while (!await isSo())
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, fixture.TestTimeout);
        return true;
    }
}
