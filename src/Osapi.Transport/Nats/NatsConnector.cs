using Microsoft.Extensions.Logging;

namespace Osapi.Transport.Nats;

/// <summary>Establishes the first connection to the broker.</summary>
internal sealed partial class NatsConnector(ILogger logger)
{
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromSeconds(5);

    /// <summary>Connects, and waits for a broker that is not up yet.</summary>
    /// <exception cref="TransportException">A failure that waiting does not cure.</exception>
    public static Task<NatsBroker> ConnectAsync(NatsOptions options, CancellationToken cancellationToken) =>
        new NatsConnector(options.Logger).RunAsync(options, cancellationToken);

    private async Task<NatsBroker> RunAsync(NatsOptions options, CancellationToken cancellationToken)
    {
        var backoff = RetryBackoff.ForBroker(options.TimeProvider, MaxRetryDelay);
        for (var isFirst = true; ; isFirst = false)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var broker = Create(options);
            try
            {
                await broker.Connection.ConnectAsync().AsTask().WaitAsync(cancellationToken);
                broker.WasUnavailableAtStart = !isFirst;
                return broker;
            }
            catch (Exception failure)
            {
                await broker.DisposeAsync();
                if (failure is OperationCanceledException && cancellationToken.IsCancellationRequested)
                    throw;
                if (!NatsErrors.IsTransient(failure))
                    throw new TransportException($"The broker {string.Join(", ", options.Urls)} cannot be used: {NatsErrors.Describe(failure)}", failure);
                LogWaiting(string.Join(", ", options.Urls), NatsErrors.Describe(failure));
            }

            await backoff.WaitAsync(cancellationToken);
        }
    }

    private static NatsBroker Create(NatsOptions options)
    {
        try
        {
            return new(options);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new TransportException(failure.Message, failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The broker {Servers} cannot be reached, trying again: {Reason}")]
    private partial void LogWaiting(string servers, string reason);
}
