using Microsoft.Extensions.Logging;
using Osapi.Transport;
using Osapi.Transport.Enrolment;
using Osapi.Transport.Jobs;
using Osapi.Transport.Trust;

namespace Osapi.Agent.Enrolment;

/// <summary>Asks the controllers to enroll this agent, every few seconds, until they have decided.</summary>
internal sealed partial class EnrolmentRequester(ITransport transport, EnrolmentRequest request, JoinToken? token, IReadOnlyList<string> pins, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(1);

    // Soon again at first, because the controllers may not listen yet; and not all agents of a fleet at the same moment.
    private static readonly TimeSpan FirstInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxInterval = TimeSpan.FromSeconds(5);

    private readonly string hostKey = HostKey.Of(request.Name);
    private readonly string fingerprint = AgentPublicKey.Parse(request.Key).Fingerprint;
    private string? loggedReason;
    private long? logged;
    private long? loggedInvalid;

    /// <summary>Completes with the controllers' key when the agent is accepted.</summary>
    /// <exception cref="EnrolmentException">An operator rejected the agent.</exception>
    public Task<ControllerPublicKey> RunAsync(CancellationToken cancellationToken)
    {
        LogAsking(request.Name, fingerprint, pins[0]);
        return RunAsync(static reply => true, cancellationToken);
    }

    /// <summary>Completes when an agent that was enrolled before is accepted as it is, with its labels, or is rejected.</summary>
    public async Task ConfirmAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(static reply => reply.Reason is null, cancellationToken);
        }
        catch (EnrolmentException exception)
        {
            LogRejected(exception.Message);
        }
    }

    private async Task<ControllerPublicKey> RunAsync(Predicate<EnrolmentReply> isEnough, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // The broker may go away meanwhile; the requests are repeated anyway.
        var decision = new RetryLoop(time, RetryDelay).RunAsync(() => ListenAsync(isEnough, ended.Token), LogInterrupted, ended.Token);
        var sending = SendAsync(ended.Token);
        try
        {
            if (await Task.WhenAny(decision, sending) == sending)
                await sending;
            return await decision;
        }
        finally
        {
            await ended.CancelAsync();
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        var message = EnrolmentMessage.Of(request, token).ToBytes();
        for (var interval = FirstInterval; ; interval = interval * 2 < MaxInterval ? interval * 2 : MaxInterval)
        {
            try
            {
                await transport.Signals.SendAsync(Subjects.Enrolment(hostKey), message, cancellationToken);
            }
            catch (TransportException)
            {
                // It is repeated; the listener reports the interruption.
            }

            await Task.Delay(interval * (0.8 + 0.4 * Random.Shared.NextDouble()), time, cancellationToken);
        }
    }

    private async Task<ControllerPublicKey> ListenAsync(Predicate<EnrolmentReply> isEnough, CancellationToken cancellationToken)
    {
        var subject = Subjects.EnrolmentReply(hostKey);
        await foreach (var signal in transport.Signals.ListenAsync(subject, cancellationToken))
        {
            if (EnrolmentReply.TryVerify(signal.Payload, request, pins, out var controllers, out var reason) is not { } reply)
                LogInvalidOnce(reason);
            else if (reply.Status == EnrolmentStatus.Accepted && isEnough(reply))
                return controllers!;
            else if (reply.Status == EnrolmentStatus.Rejected)
                throw new EnrolmentException($"the controllers reject this agent: {reply.Reason}. To ask again, give it another key: remove {AgentKeys.FileName} from its state directory");
            else
                LogPendingOnce(reply.Reason ?? "an operator has to decide");
        }

        throw new TransportException("the connection to the broker is closed");
    }

    private void LogPendingOnce(string reason)
    {
        if (reason == loggedReason && logged is { } last && time.GetElapsedTime(last) < LogInterval)
            return;
        (loggedReason, logged) = (reason, time.GetTimestamp());
        LogPending(reason, request.Name, fingerprint);
    }

    // Everybody who reaches the broker can send a reply.
    private void LogInvalidOnce(string? reason)
    {
        if (reason is null || (loggedInvalid is { } last && time.GetElapsedTime(last) < LogInterval))
            return;
        loggedInvalid = time.GetTimestamp();
        LogInvalid(reason, pins[0]);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Asking to be enrolled as {Hostname} with the key {Fingerprint} by controllers with the key {Controllers}")]
    private partial void LogAsking(string hostname, string fingerprint, string controllers);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Waiting for an operator, because {Reason}: osapi agent enroll accept {Hostname} {Fingerprint}")]
    private partial void LogPending(string reason, string hostname, string fingerprint);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Reason}")]
    private partial void LogRejected(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Ignored a reply to the request to enroll, because {Reason} ({Controllers})")]
    private partial void LogInvalid(string reason, string controllers);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The request to enroll is interrupted, trying again: {Reason}")]
    private partial void LogInterrupted(string reason);
}
