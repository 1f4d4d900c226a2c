using System.Globalization;
using Microsoft.Extensions.Logging;
using Osapi.Agent.Jobs;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Registration;

/// <summary>
/// Answers agents that claim this agent's name, and remembers the last of them with a copy of this agent's ledger: a cloned
/// machine, or a copied directory.
/// </summary>
internal sealed partial class CloneDetector(ITransport transport, AgentIdentity identity, HeartbeatSender heartbeat, NameLeaseMonitor name, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MinAnswerInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MinSignalInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(1);

    // A clone that is restarted repeatedly also claims repeatedly; one that was removed is forgotten after a day.
    private static readonly TimeSpan RememberFor = TimeSpan.FromHours(24);

    private volatile RefusedAgent? last;
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long answeredAt;
    private long loggedAt;
    private long signaledAt;

    /// <summary>Completes when the condition next changes.</summary>
    public Task Changed => Volatile.Read(ref changed).Task;

    /// <summary>The condition's reason: the address of the refused agent and the time; null when none was refused recently.</summary>
    public string? Reason => last is { } refused && time.GetElapsedTime(refused.LastHeard) < RememberFor
        ? string.Create(CultureInfo.InvariantCulture, $"an agent with a copy of this agent's ledger was refused: {refused.Address ?? "address unknown"}, {refused.At:yyyy-MM-dd HH:mm:ss}Z")
        : null;

    /// <summary>The subject of the condition, to the minute: the condition is written again when it changes.</summary>
    public string? Subject => Reason is null ? null : string.Create(CultureInfo.InvariantCulture, $"{last!.Address} {last.At:HH:mm}");

    public Task RunAsync(CancellationToken stopping)
    {
        // An agent whose claim got no answer meanwhile may have taken the name.
        RetryLoop retry = new(time, RetryDelay) { Failed = _ => name.RequireCheck() };
        return retry.RunAsync(() => ListenAsync(stopping), LogNotHeard, stopping);
    }

    private async Task ListenAsync(CancellationToken stopping)
    {
        var subject = Subjects.Claim(identity.Key);
        await foreach (var signal in transport.Signals.ListenAsync(subject, stopping))
            if (signal.Subject == subject && AgentClaim.TryParse(signal.Payload) is { } claim && claim.Session != identity.Session)
                await AnswerAsync(claim, stopping);
    }

    private async Task AnswerAsync(AgentClaim claim, CancellationToken stopping)
    {
        name.RequireCheck();
        if (claim.Ledger == identity.Ledger && claim.Session != last?.Session)
            Remember(claim);
        if (answeredAt != 0 && time.GetElapsedTime(answeredAt) < MinAnswerInterval)
            return;
        answeredAt = time.GetTimestamp();
        // An agent that has lost the name itself must not answer.
        await name.ConfirmAsync(stopping);
        await heartbeat.SendAsync(stopping);
    }

    private void Remember(AgentClaim claim)
    {
        last = new(claim.Session, claim.Address, transport.ServerNow, time.GetTimestamp());
        if (loggedAt == 0 || time.GetElapsedTime(loggedAt) >= LogInterval)
        {
            loggedAt = time.GetTimestamp();
            LogCloned(identity.Hostname, claim.Address ?? "address unknown", claim.Session);
        }

        // The next regular check reports repeated claims.
        if (signaledAt != 0 && time.GetElapsedTime(signaledAt) < MinSignalInterval)
            return;
        signaledAt = time.GetTimestamp();
        Interlocked.Exchange(ref changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Another agent asks for the name {Hostname} with a copy of this agent's ledger and is refused: {Address}, session {Session}")]
    private partial void LogCloned(string hostname, string address, string session);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Claims of this agent's name cannot be received, trying again: {Reason}")]
    private partial void LogNotHeard(string reason);

    private sealed record RefusedAgent(string Session, string? Address, DateTimeOffset At, long LastHeard);
}
