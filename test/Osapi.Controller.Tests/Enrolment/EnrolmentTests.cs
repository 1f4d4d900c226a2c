using Osapi.Agent.Enrolment;
using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Agents;

namespace Osapi.Controller.Tests.Enrolment;

/// <summary>Tests of enrolment with a real broker and two controllers: by token, by an operator, replacement, rejection and removal.</summary>
public sealed class EnrolmentTests : IAsyncLifetime
{
    private EnrolmentFleet fleet = null!;
    private RunningController first = null!;
    private RunningController second = null!;

    private CancellationToken Token => fleet.Token;

    public async ValueTask InitializeAsync()
    {
        fleet = await EnrolmentFleet.StartAsync();
        first = await fleet.ControllerAsync("c1");
        second = await fleet.ControllerAsync("c2");
    }

    public ValueTask DisposeAsync() => fleet.DisposeAsync();

    [Fact]
    public async Task Agents_with_a_valid_token_are_accepted_at_once_and_start_without_it_afterwards()
    {
        var token = await fleet.TokenAsync(first, new() { Name = "web-*", Label = new Dictionary<string, string> { ["group"] = "web" }, Expires = "1h" });
        string[] names = [.. Enumerable.Range(1, 5).Select(number => $"web-{number:00}")];

        var enrolled = await Task.WhenAll(names.Select(name => fleet.EnrollAsync(name, new() { JoinToken = token, Labels = new Dictionary<string, string> { ["group"] = "web.dev" } })));

        Assert.All(enrolled, agent => Assert.Equal(fleet.Keys.Public, agent!.Trust.Controllers.Single()));
        foreach (var controller in (RunningController[])[first, second])
            foreach (var name in names)
            {
                await fleet.UntilAsync(async () => await KeyOfAsync(controller, name) is { Enrolled: true });
                var key = (await KeyOfAsync(controller, name))!;
                Assert.Equal((fleet.FingerprintOf(name), "web.dev", fleet.Pin), (key.Fingerprint, key.Labels["group"], key.ControllersFingerprint));
            }

        Assert.StartsWith("join token ", (await fleet.EntryAsync("web-01"))!.EnrolledBy, StringComparison.Ordinal);
        // Nobody has to answer any more.
        await fleet.StopAsync(first);
        await fleet.StopAsync(second);
        Assert.Equal(fleet.Keys.Public, (await fleet.EnrollAsync("web-01", new()))!.Trust.Controllers.Single());
        // Its key stays the one of its first start.
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(fleet.StateOf("web-01"), "enrolment.json")));
    }

    [Fact]
    public async Task An_enrolled_agent_is_listed_with_its_fingerprint_and_granted_labels_and_another_one_as_unsigned()
    {
        var token = await fleet.TokenAsync(first, new() { Name = "web-01", Label = new Dictionary<string, string> { ["group"] = "web" } });
        await fleet.EnrollAsync("web-01", new() { JoinToken = token });
        await fleet.AgentAsync("web-01");
        await fleet.AgentAsync("web-02");

        await fleet.UntilAsync(async () => (await first.Client.Agent.ListAsync(cancellationToken: Token)).Total == 2);
        var agents = (await first.Client.Agent.ListAsync(cancellationToken: Token)).Agents;

        Assert.Equal((fleet.FingerprintOf("web-01"), "web"), (agents[0].Fingerprint, agents[0].Labels["group"]));
        Assert.DoesNotContain(agents[0].Conditions, condition => condition.Type == AgentConditionType.UnsignedAgent);
        Assert.Null(agents[1].Fingerprint);
        Assert.True(Assert.Single(agents[1].Conditions, condition => condition.Type == AgentConditionType.UnsignedAgent).Status);
        // The granted labels are those that targets name.
        Assert.Equal(["web-01"], (await first.Client.Command.ShellAsync("group:web", new() { Command = "true" }, cancellationToken: Token)).Hosts.Select(host => host.Hostname));
    }

    [Fact]
    public async Task An_agent_without_a_token_waits_until_its_fingerprint_is_accepted()
    {
        Logs logs = new();
        var waiting = fleet.EnrollAsync("web-01", new() { ControllersFingerprint = fleet.Pin, Labels = new Dictionary<string, string> { ["role"] = "x" } }, logs.CreateLogger("agent"));

        // Every controller hears it.
        foreach (var controller in (RunningController[])[first, second])
        {
            var pending = await fleet.PendingAsync(controller, "web-01");
            Assert.Equal((fleet.FingerprintOf("web-01"), "it has no join token", null, "x", "0.2.0"), (pending.Fingerprint, pending.Reason, pending.Replaces, pending.Labels["role"], pending.Version));
        }

        var wrong = await Assert.ThrowsAnyAsync<ApiException>(() => second.Client.Agent.AcceptEnrolmentAsync("web-01", "SHA256:" + new string('A', 43), cancellationToken: Token));
        Assert.Equal(409, wrong.StatusCode);
        Assert.Contains($"which another key asks for ({fleet.FingerprintOf("web-01")}); compare it with the output of 'osapi agent fingerprint' on the host", wrong.Message, StringComparison.Ordinal);
        var unknown = await Assert.ThrowsAnyAsync<ApiException>(() => second.Client.Agent.AcceptEnrolmentAsync("web-11", fleet.FingerprintOf("web-01"), cancellationToken: Token));
        Assert.Equal(404, unknown.StatusCode);
        Assert.Contains("no agent waits to be enrolled as web-11; did you mean 'web-01'?", unknown.Message, StringComparison.Ordinal);
        Assert.False(waiting.IsCompleted);

        Assert.True((await second.Client.Agent.AcceptEnrolmentAsync("web-01", fleet.FingerprintOf("web-01"), cancellationToken: Token)).Changed);

        Assert.Equal(fleet.Keys.Public, (await waiting)!.Trust.Controllers.Single());
        Assert.False((await second.Client.Agent.AcceptEnrolmentAsync("web-01", fleet.FingerprintOf("web-01"), cancellationToken: Token)).Changed);
        await fleet.NobodyWaitsAsync(first);
        Assert.Contains(logs.Lines, line => line.Contains($"osapi agent enroll accept web-01 {fleet.FingerprintOf("web-01")}", StringComparison.Ordinal));
        var entry = (await fleet.EntryAsync("web-01"))!;
        Assert.Equal(("tester", "x"), (entry.EnrolledBy, entry.GrantedLabels!["role"]));
    }

    [Fact]
    public async Task A_rejected_agent_stops_to_ask_and_is_not_listed_again_and_can_be_accepted_later()
    {
        var waiting = fleet.EnrollAsync("web-01", new() { ControllersFingerprint = fleet.Pin });
        await fleet.PendingAsync(first, "web-01");
        var fingerprint = fleet.FingerprintOf("web-01");

        Assert.True((await first.Client.Agent.RejectEnrolmentAsync("web-01", fingerprint, cancellationToken: Token)).Changed);
        Assert.False((await first.Client.Agent.RejectEnrolmentAsync("web-01", fingerprint, cancellationToken: Token)).Changed);

        Assert.Contains("the controllers reject this agent", (await Assert.ThrowsAsync<EnrolmentException>(() => waiting)).Message, StringComparison.Ordinal);
        // It is started again, and another controller knows the decision.
        Assert.Contains("reject", (await Assert.ThrowsAsync<EnrolmentException>(() => fleet.EnrollAsync("web-01", new() { ControllersFingerprint = fleet.Pin }))).Message, StringComparison.Ordinal);
        await fleet.NobodyWaitsAsync(first);
        await fleet.NobodyWaitsAsync(second);

        await fleet.UntilAsync(async () => await TryAcceptAsync(second, "web-01", fingerprint));
        Assert.NotNull(await fleet.EnrollAsync("web-01", new() { ControllersFingerprint = fleet.Pin }));
    }

    [Fact]
    public async Task Another_key_for_an_accepted_name_waits_and_its_acceptance_revokes_the_first()
    {
        var token = await fleet.TokenAsync(first, new() { Name = "web-*" });
        await fleet.EnrollAsync("web-01", new() { JoinToken = token });
        var before = fleet.FingerprintOf("web-01");

        // The token is still valid, but the name has a key.
        var waiting = fleet.EnrollAsync("web-01", new() { JoinToken = token }, directory: "reinstalled");
        var pending = await fleet.PendingAsync(second, "web-01");
        var after = fleet.FingerprintOf("reinstalled");
        Assert.Equal((after, before, "its name has another key"), (pending.Fingerprint, pending.Replaces, pending.Reason));
        Assert.Equal(before, (await KeyOfAsync(second, "web-01"))!.Fingerprint);

        await second.Client.Agent.AcceptEnrolmentAsync("web-01", after, cancellationToken: Token);
        await waiting;

        await fleet.UntilAsync(async () => (await KeyOfAsync(first, "web-01"))!.Fingerprint == after);
        Assert.Equal(before, (await KeyOfAsync(first, "web-01"))!.Replaces);
        // The first key does not come back by itself.
        File.Delete(Path.Combine(fleet.StateOf("web-01"), "enrolment.json"));
        _ = fleet.EnrollAsync("web-01", new() { JoinToken = token });
        Assert.Equal(after, (await fleet.PendingAsync(first, "web-01", before)).Replaces);
    }

    [Fact]
    public async Task A_removal_revokes_the_key_and_tokens_of_before_do_not_bring_the_name_back()
    {
        var token = await fleet.TokenAsync(first, new() { Name = "web-*" });
        await fleet.EnrollAsync("web-01", new() { JoinToken = token });
        await fleet.AgentAsync("web-01");
        await fleet.UntilAsync(async () => (await first.Client.Agent.ListAsync(cancellationToken: Token)).Agents is [{ Status: AgentStatus.Ready }]);

        var running = await Assert.ThrowsAnyAsync<ApiException>(() => first.Client.Agent.RemoveAsync("web-01", cancellationToken: Token));
        Assert.Contains("agent web-01 is running; stop it first, or revoke its key with force", running.Message, StringComparison.Ordinal);
        await first.Client.Agent.RemoveAsync("web-01", force: true, cancellationToken: Token);

        Assert.Equal((true, false), ((await KeyOfAsync(first, "web-01"))!.Revoked, (await KeyOfAsync(first, "web-01"))!.Enrolled));
        // The agent is still running, and registers again: it gets no work.
        await fleet.UntilAsync(async () => (await second.Client.Agent.ListAsync(cancellationToken: Token)).Agents is [{ State: AgentState.Pending }]);
        var reply = await second.Client.Command.ShellAsync("web-01", new() { Command = "true" }, cancellationToken: Token);
        Assert.Equal((Outcome.Skipped, "the host is Pending: it is not enrolled"), (reply.Hosts[0].Outcome, reply.Hosts[0].Error));

        _ = fleet.EnrollAsync("web-01", new() { JoinToken = token }, directory: "same");
        var newKey = await fleet.PendingAsync(first, "web-01");
        Assert.Equal("its join token is older than the removal of its name", newKey.Reason);
        File.Delete(Path.Combine(fleet.StateOf("web-01"), "enrolment.json"));
        var fresh = await fleet.TokenAsync(first, new() { Name = "web-*" });
        _ = fleet.EnrollAsync("web-01", new() { JoinToken = fresh });
        Assert.Equal("its key was revoked", (await fleet.PendingAsync(first, "web-01", fleet.FingerprintOf("web-01"))).Reason);
        Assert.NotNull(await fleet.EnrollAsync("web-01", new() { JoinToken = fresh }, directory: "new"));
    }

    [Fact]
    public async Task An_enrolled_agent_that_asks_for_other_labels_keeps_its_own_until_an_operator_accepts()
    {
        var token = await fleet.TokenAsync(first, new() { Name = "web-*", Label = new Dictionary<string, string> { ["group"] = "web" } });
        await fleet.EnrollAsync("web-01", new() { JoinToken = token });
        Directory.CreateDirectory(fleet.StateOf("web-01"));
        await using var transport = await fleet.ConnectAsync();
        await using var enrolled = await AgentEnrolment.RunAsync(
            new() { Transport = transport, StateDirectory = fleet.StateOf("web-01") },
            new() { Hostname = "web-01", Labels = new Dictionary<string, string> { ["group"] = "db" } }, new Logs().CreateLogger("agent"), Token);

        var pending = await fleet.PendingAsync(second, "web-01");
        Assert.Equal("it asks for other labels, and it has no join token", pending.Reason);
        Assert.Equal("web", (await KeyOfAsync(second, "web-01"))!.Labels["group"]);

        Assert.True((await second.Client.Agent.AcceptEnrolmentAsync("web-01", pending.Fingerprint, cancellationToken: Token)).Changed);

        await fleet.UntilAsync(async () => (await KeyOfAsync(first, "web-01"))!.Labels["group"] == "db");
        await fleet.NobodyWaitsAsync(second);
        await fleet.NobodyWaitsAsync(first);
    }

    [Fact]
    public async Task Without_authentication_nobody_works_when_unsigned_messages_are_refused()
    {
        await fleet.StopAsync(first);
        await fleet.StopAsync(second);
        var strict = await fleet.ControllerAsync("c3", refuseUnsigned: true);
        await fleet.AgentAsync("web-01");
        await fleet.UntilAsync(async () => (await strict.Client.Agent.ListAsync(cancellationToken: Token)).Total == 1);

        Assert.Equal(AgentState.Pending, (await strict.Client.Agent.GetAsync("web-01", cancellationToken: Token)).State);
        Assert.Equal(Outcome.Skipped, (await strict.Client.Command.ShellAsync("_all", new() { Command = "true" }, cancellationToken: Token)).Hosts[0].Outcome);
        var none = await Assert.ThrowsAnyAsync<OsapiException>(() => strict.Client.Command.ShellAsync("_any", new() { Command = "true" }, cancellationToken: Token));
        Assert.Contains("no host takes work: web-01 is Pending", none.Message, StringComparison.Ordinal);

        var token = await fleet.TokenAsync(strict, new() { Name = "web-01" });
        await fleet.EnrollAsync("web-01", new() { JoinToken = token });
        await fleet.UntilAsync(async () => (await strict.Client.Command.ShellAsync("web-01", new() { Command = "true" }, cancellationToken: Token)).Hosts[0].Outcome == Outcome.Ok);
    }

    [Fact]
    public async Task An_agent_that_must_not_work_unsigned_says_what_it_needs_and_one_that_is_moved_too()
    {
        var nobody = await Assert.ThrowsAsync<EnrolmentException>(() => fleet.EnrollAsync("web-01", new() { RefuseUnsigned = true }));
        Assert.Contains("give it agent.join_token (osapi agent join-token) or agent.controller_key", nobody.Message, StringComparison.Ordinal);
        Assert.Null(await fleet.EnrollAsync("web-01", new()));

        var token = await fleet.TokenAsync(first, new() { Name = "web-*" });
        var both = await Assert.ThrowsAsync<EnrolmentException>(() => fleet.EnrollAsync("web-01", new() { JoinToken = token, ControllersFingerprint = "SHA256:other" }));
        Assert.Contains("agent.controller_key names SHA256:other", both.Message, StringComparison.Ordinal);
        await fleet.EnrollAsync("web-01", new() { JoinToken = token });
        var moved = await Assert.ThrowsAsync<EnrolmentException>(() => fleet.EnrollAsync("web-01", new() { ControllersFingerprint = "SHA256:other" }));
        Assert.Contains("stop it and remove", moved.Message, StringComparison.Ordinal);
    }

    private async Task<AgentKeyDetail?> KeyOfAsync(RunningController controller, string name)
    {
        try
        {
            return await controller.Client.Agent.GetKeyAsync(name, cancellationToken: Token);
        }
        catch (ApiException exception) when (exception.StatusCode == 404)
        {
            return null;
        }
    }

    private async Task<bool> TryAcceptAsync(RunningController controller, string name, string fingerprint)
    {
        try
        {
            return (await controller.Client.Agent.AcceptEnrolmentAsync(name, fingerprint, cancellationToken: Token)).Changed;
        }
        catch (ApiException exception) when (exception.StatusCode == 404)
        {
            return false;
        }
    }
}
