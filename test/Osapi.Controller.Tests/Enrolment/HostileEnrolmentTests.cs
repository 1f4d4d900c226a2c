using System.Collections.Concurrent;
using System.Text;
using NATS.Client.Core;
using Osapi.Transport;
using Osapi.Transport.Enrolment;
using Osapi.Transport.Jobs;
using Osapi.Transport.Trust;

namespace Osapi.Controller.Tests.Enrolment;

/// <summary>Tests of enrolment against somebody who reaches the broker, and against crashes of everything.</summary>
public sealed class HostileEnrolmentTests : IAsyncLifetime
{
    private EnrolmentFleet fleet = null!;

    private CancellationToken Token => fleet.Token;

    public async ValueTask InitializeAsync() => fleet = await EnrolmentFleet.StartAsync();

    public ValueTask DisposeAsync() => fleet.DisposeAsync();

    [Fact]
    public async Task The_secret_of_a_token_is_in_no_message_and_no_log_line()
    {
        await using NatsConnection listener = new(new() { Url = fleet.Server.Url });
        ConcurrentBag<string> heard = [];
        var all = await listener.SubscribeCoreAsync<byte[]>(">", cancellationToken: Token);
        var listening = Task.Run(async () =>
        {
            await foreach (var message in all.Msgs.ReadAllAsync(Token))
                heard.Add($"{message.Subject} {message.Headers} {Encoding.Latin1.GetString(message.Data ?? [])}");
        }, Token);
        await listener.PingAsync(Token);
        var controller = await fleet.ControllerAsync("c1");
        var token = await fleet.TokenAsync(controller, new() { Name = "web-*" });
        Logs logs = new();

        await fleet.EnrollAsync("web-01", new() { JoinToken = token }, logs.CreateLogger("agent"));
        await fleet.AgentAsync("web-01");
        await listener.PingAsync(Token);
        await all.UnsubscribeAsync();
        await listening;

        var secret = token.Format().Split('.')[1];
        var bytes = System.Buffers.Text.Base64Url.DecodeFromChars(secret);
        string[] forms = [secret, Convert.ToBase64String(bytes), Convert.ToHexString(bytes), Convert.ToHexStringLower(bytes), Encoding.Latin1.GetString(bytes)];
        Assert.Contains(heard, message => message.Contains(".signal.enroll.web-01", StringComparison.Ordinal));
        Assert.DoesNotContain(heard.Concat(logs.Lines).Concat(controller.Logs.Lines), text => forms.Any(form => text.Contains(form, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_agent_believes_no_reply_of_other_controllers_and_enrolls_when_its_own_reply()
    {
        var controller = await fleet.ControllerAsync("c1");
        await using var stranger = await fleet.ConnectAsync();
        using var others = ControllerKeys.Create();
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var replying = Task.Run(async () =>
        {
            await foreach (var signal in stranger.Signals.ListenAsync(Subjects.Enrolments, stop.Token))
                if (EnrolmentMessage.TryParse(signal.Payload, out var message) && EnrolmentRequest.TryParse("web-01", message.Request, out var request, out var key, out _))
                {
                    EnrolmentReply reply = new() { Name = request.Name, Fingerprint = key.Fingerprint, Nonce = request.Nonce, Status = EnrolmentStatus.Accepted };
                    await stranger.Signals.SendAsync(Subjects.EnrolmentReply("web-01"), reply.Sign(others), stop.Token);
                    await stranger.Signals.SendAsync(Subjects.EnrolmentReply("web-01"), (reply with { Status = EnrolmentStatus.Rejected }).Sign(others), stop.Token);
                    await stranger.Signals.SendAsync(Subjects.EnrolmentReply("web-01"), "garbage"u8.ToArray(), stop.Token);
                }
        }, Token);
        Logs logs = new();

        var waiting = fleet.EnrollAsync("web-01", new() { ControllersFingerprint = fleet.Pin }, logs.CreateLogger("agent"));
        await fleet.UntilAsync(() => Task.FromResult(logs.Lines.Any(line => line.Contains("it is signed by other controllers than the pinned ones", StringComparison.Ordinal))));
        var pending = await fleet.PendingAsync(controller, "web-01");
        Assert.False(waiting.IsCompleted);
        await controller.Client.Agent.AcceptEnrolmentAsync("web-01", pending.Fingerprint, cancellationToken: Token);

        Assert.Equal(fleet.Keys.Public, (await waiting)!.Trust.Controllers.Single());
        Assert.Single(logs.Lines, line => line.Contains("Ignored a reply", StringComparison.Ordinal));
        await stop.CancelAsync();
        await replying.ContinueWith(static _ => { }, TaskScheduler.Default);
    }

    [Fact]
    public async Task A_thousand_bogus_requests_cost_bounded_memory_and_a_log_line_a_minute()
    {
        var controller = await fleet.ControllerAsync("c1");
        await using var stranger = await fleet.ConnectAsync();
        using var key = AgentKeys.Create();
        for (var number = 0; number < 1200; number++)
        {
            EnrolmentRequest request = new()
            {
                Name = $"bogus-{number}",
                Key = key.Public.ToString(),
                Nonce = "n",
                Labels = Enumerable.Range(0, 32).ToDictionary(label => $"l{label}", _ => new string('x', 200)),
            };
            await stranger.Signals.SendAsync(Subjects.Enrolment(HostKey.Of(request.Name)), EnrolmentMessage.Of(request, token: null).ToBytes(), Token);
            await stranger.Signals.SendAsync(Subjects.Enrolment(HostKey.Of(request.Name)), new byte[number], Token);
            // Slower than the limit of a second, so that most are read.
            if (number % 200 == 199)
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, Token);
        }

        // An honest agent in the middle of it.
        await fleet.UntilAsync(async () => (await controller.Client.Agent.ListEnrolmentsAsync(cancellationToken: Token)).Total > 0);
        var token = await fleet.TokenAsync(controller, new() { Name = "web-*" });
        Assert.NotNull(await fleet.EnrollAsync("web-01", new() { JoinToken = token }));

        var waiting = await controller.Client.Agent.ListEnrolmentsAsync(cancellationToken: Token);
        Assert.InRange(waiting.Agents.Sum(agent => agent.Labels.Sum(label => label.Key.Length + label.Value.Length)), 1, 4 << 20);
        Assert.InRange(controller.Logs.Lines.Count(line => line.Contains("bogus-", StringComparison.Ordinal)), 1, 2);
        Assert.True((await controller.Client.Health.StatusAsync(cancellationToken: Token)).PassedOver > 0);
    }

    [Fact]
    public async Task Copied_requests_and_tokens_of_others_enroll_nobody()
    {
        var controller = await fleet.ControllerAsync("c1");
        await using var stranger = await fleet.ConnectAsync();
        var token = await fleet.TokenAsync(controller, new() { Name = "web-*" });
        await fleet.EnrollAsync("web-01", new() { JoinToken = token });
        using var key = AgentKeys.Create();
        using var others = ControllerKeys.Create();
        using JoinTokens strange = new(others);
        JoinToken forged = strange.Create(new() { Id = "0123", Name = "*", Issued = DateTimeOffset.UnixEpoch, Expires = DateTimeOffset.MaxValue });
        EnrolmentRequest request = new() { Name = "web-02", Key = key.Public.ToString(), Nonce = "n" };
        // The tag of another token, and a real tag over other content.
        var real = EnrolmentMessage.Of(request with { Name = "web-01" }, token);
        foreach (var message in (EnrolmentMessage[])[EnrolmentMessage.Of(request, forged), EnrolmentMessage.Of(request, token) with { Tag = real.Tag }, EnrolmentMessage.Of(request, token) with { Tag = null }])
            await stranger.Signals.SendAsync(Subjects.Enrolment("web-02"), message.ToBytes(), Token);

        Assert.Equal("its join token is not from these controllers", (await fleet.PendingAsync(controller, "web-02")).Reason);
        Assert.Null(await fleet.EntryAsync("web-02"));
    }

    [Fact]
    public async Task Enrolments_survive_a_broker_without_its_store_and_other_controllers()
    {
        var controller = await fleet.ControllerAsync("c1");
        var token = await fleet.TokenAsync(controller, new() { Name = "web-*" });
        await fleet.EnrollAsync("web-01", new() { JoinToken = token });
        await fleet.EnrollAsync("web-02", new() { JoinToken = token });
        await controller.Client.Agent.RemoveAsync("web-02", cancellationToken: Token);

        await fleet.LoseStoreAsync();
        await fleet.UntilAsync(async () => await TryReadAsync() is { IsEnrolled: true });

        Assert.NotNull((await fleet.EntryAsync("web-02"))!.RevokedAt);
        // The name is still taken, and the removed one stays removed.
        _ = fleet.EnrollAsync("web-01", new() { JoinToken = token }, directory: "another");
        Assert.Equal("its name has another key", (await fleet.PendingAsync(controller, "web-01")).Reason);
        // A controller that knew nothing knows it from the roster.
        var next = await fleet.ControllerAsync("c2");
        Assert.Equal(fleet.FingerprintOf("web-01"), (await next.Client.Agent.GetKeyAsync("web-01", cancellationToken: Token)).Fingerprint);
        Assert.True((await next.Client.Agent.GetKeyAsync("web-02", cancellationToken: Token)).Revoked);

        async Task<RosterEntry?> TryReadAsync()
        {
            try
            {
                return await fleet.EntryAsync("web-01");
            }
            catch (TransportException)
            {
                return null;
            }
        }
    }
}
