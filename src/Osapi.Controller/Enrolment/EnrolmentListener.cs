using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Osapi.Controller.Agents;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Enrolment;
using Osapi.Transport.Jobs;
using Osapi.Transport.Trust;

namespace Osapi.Controller.Enrolment;

/// <summary>Receives the requests of agents to be enrolled, decides about them, and replies. Every controller does; the roster is changed by compare-and-set, so that all decide alike.</summary>
internal sealed partial class EnrolmentListener(
    ITransport transport, RosterReconciler roster, PendingEnrolments pending, JoinTokens tokens, ControllerKeys keys, SkippedMessages skipped, TimeProvider time, ILogger<EnrolmentListener> logger)
    : BackgroundService
{
    // A check of a key and a signature cost some 0.2 ms: a flood of requests uses a tenth of a processor.
    private const int MaxPerSecond = 500;

    // A holder of a token can enroll any number of names.
    private const int MaxHosts = 20_000;

    // One sender for the log: the names in a flood are made up.
    private const string Sender = "enrolment";

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(1);

    private long second;
    private int countInSecond;
    private long? logged;
    private int unlogged;

    /// <summary>Sends a reply to the agent of a request.</summary>
    public async Task ReplyAsync(EnrolmentRequest request, AgentPublicKey key, EnrolmentDecision decision, CancellationToken cancellationToken)
    {
        var hostKey = HostKey.Of(request.Name);
        EnrolmentReply reply = new()
        {
            Name = request.Name,
            Fingerprint = key.Fingerprint,
            Nonce = request.Nonce,
            Status = decision.Status,
            Reason = decision.Reason,
            Labels = decision.Status == EnrolmentStatus.Accepted ? roster.Find(hostKey)?.GrantedLabels : null,
        };
        await transport.Signals.SendAsync(Subjects.EnrolmentReply(hostKey), reply.Sign(keys), cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        // The interruption of the connection is reported elsewhere. On the embedded transport there is nobody to enroll.
        transport.IsShared ? new RetryLoop(time, RetryDelay).RunAsync(() => ListenAsync(stoppingToken), static _ => { }, stoppingToken) : Task.CompletedTask;

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await foreach (var signal in transport.Signals.ListenAsync(Subjects.Enrolments, cancellationToken))
            if (IsWithinRate())
                await ReceiveAsync(signal, cancellationToken);
            else
                skipped.Add("enrolments", Sender, signal.Subject, sequence: 0, $"there are more than {MaxPerSecond} requests a second");
    }

    private async Task ReceiveAsync(Signal signal, CancellationToken cancellationToken)
    {
        var hostKey = signal.Subject[Subjects.Enrolments.Length..];
        string? reason = "it is not a request to enroll";
        if (!EnrolmentMessage.TryParse(signal.Payload, out var message) || !EnrolmentRequest.TryParse(hostKey, message.Request, out var request, out var key, out reason))
        {
            skipped.Add("enrolments", Sender, signal.Subject, sequence: 0, reason);
            return;
        }

        try
        {
            var (grant, refusal) = GrantOf(message, request);
            var decision = await DecideAsync(hostKey, request, key, grant, refusal, cancellationToken);
            if (decision.Reason is null)
                pending.Forget(hostKey, key.Fingerprint);
            else if (!pending.TryAdd(request, key, message.Request.Length, decision.Reason, decision.Status == EnrolmentStatus.Rejected, out var isNew))
                skipped.Add("enrolments", Sender, signal.Subject, sequence: 0, "too many agents wait to be enrolled");
            else if (isNew && decision.IsListed)
                LogWaitingOnce(request.Name, key.Fingerprint, decision.Reason);
            await ReplyAsync(request, key, decision, cancellationToken);
        }
        catch (Exception exception) when (exception is TransportException or OperationException)
        {
            // The roster is not complete, or an entry in it is invalid, or the reply was not sent. The agent repeats its request.
            skipped.Add("enrolments", Sender, signal.Subject, sequence: 0, exception.Message);
        }
    }

    private (JoinGrant? Grant, string Refusal) GrantOf(EnrolmentMessage message, EnrolmentRequest request)
    {
        if (request.Token is not { } id)
            return (null, "it has no join token");
        if (!tokens.IsAuthentic(message, request) || !JoinGrant.TryDecode(id, out var grant))
            return (null, "its join token is not from these controllers");
        return grant.GetRefusal(request, time.GetUtcNow()) is { } refusal ? (null, refusal) : (grant, "");
    }

    private async Task<EnrolmentDecision> DecideAsync(string hostKey, EnrolmentRequest request, AgentPublicKey key, JoinGrant? grant, string refusal, CancellationToken cancellationToken)
    {
        // Most requests are repeated ones, and change nothing.
        var decision = EnrolmentDecision.Of(roster.Find(hostKey), request, key, grant, refusal);
        if (grant is null || decision.Status != EnrolmentStatus.Accepted)
            return decision;
        if (roster.Find(hostKey) is null && roster.Count >= MaxHosts)
            return new(EnrolmentStatus.Pending, $"the roster has {MaxHosts} hosts, the most that tokens can fill it with");
        var now = time.GetUtcNow();
        var changed = await roster.ChangeAsync(
            request.Name,
            entry =>
            {
                decision = EnrolmentDecision.Of(entry, request, key, grant, refusal);
                return decision.Status == EnrolmentStatus.Accepted ? EnrolmentDecision.Enrolled(entry, request, key, grant.LabelsOf(request), $"join token {grant.Id}", now) : entry;
            },
            cancellationToken);
        if (changed)
            LogEnrolled(request.Name, key.Fingerprint, grant.Id);
        return decision;
    }

    private bool IsWithinRate()
    {
        var now = time.GetTimestamp() / time.TimestampFrequency;
        if (now != second)
            (second, countInSecond) = (now, 0);
        return ++countInSecond <= MaxPerSecond;
    }

    private void LogWaitingOnce(string hostname, string fingerprint, string reason)
    {
        if (logged is { } last && time.GetElapsedTime(last) < LogInterval)
        {
            unlogged++;
            return;
        }

        logged = time.GetTimestamp();
        LogWaiting(hostname, fingerprint, reason, unlogged);
        unlogged = 0;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Agent {Hostname} with the key {Fingerprint} is enrolled by the join token {Token}")]
    private partial void LogEnrolled(string hostname, string fingerprint, string token);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Agent {Hostname} with the key {Fingerprint} waits to be enrolled: {Reason} ({Unlogged} more since the last line; all: osapi agent enroll list)")]
    private partial void LogWaiting(string hostname, string fingerprint, string reason, int unlogged);
}
