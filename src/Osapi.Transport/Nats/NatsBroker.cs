using System.Net.Sockets;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace Osapi.Transport.Nats;

/// <summary>
/// The connection, and calls that are repeated through elections and interruptions but never hang: the client library
/// itself waits for ever while the broker is away.
/// </summary>
internal sealed class NatsBroker : IAsyncDisposable
{
    /// <summary>The time for which a call is repeated: longer than the election of a new leader. In a caller's request, the rest of its <see cref="WaitBudget"/>.</summary>
    public static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(15);

    // The answer of a server that lost its link, or its lead, never comes: the call is repeated as soon as another may have it.
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromMilliseconds(500);

    // A server that is alone elects nobody: what it does not answer within this time it will not.
    private static readonly TimeSpan ElectionTimeout = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource closing = new();
    private readonly BrokerConnection link;
    private readonly UnwritableStreams unwritable;

    public NatsBroker(NatsOptions options)
    {
        Options = options;
        Names = new(options.Prefix);
        unwritable = new(options.Logger);
        Ends = new(options.TimeProvider);
        link = new(options, Closing);
        JetStream = new(Connection, new NatsJSOpts(Connection.Opts, apiPrefix: options.ApiPrefix));
    }

    public NatsOptions Options { get; }

    public NatsNames Names { get; }

    /// <summary>The prefix of the subjects of JetStream's requests.</summary>
    public string Api => Options.ApiPrefix;

    /// <summary>
    /// True for an agent: it may not ask for any message of a stream that it shares with others, and gets those of its own
    /// subjects by name. A replica may answer that, and lag.
    /// </summary>
    public bool ReadsOwnSubjectsOnly => !Options.CreateStreams;

    public NatsConnection Connection => link.Client;

    public NatsJSContext JetStream { get; }

    public StreamEnds Ends { get; }

    public TimeProvider Time => Options.TimeProvider;

    /// <summary>The transport is being closed.</summary>
    public CancellationToken Closing => closing.Token;

    /// <inheritdoc cref="BrokerConnection.Interruption"/>
    public CancellationToken Interruption => link.Interruption;

    /// <summary>True when the broker was not there at the first attempt to connect.</summary>
    public bool WasUnavailableAtStart { get; set; }

    public bool IsConnected => link.IsOpen;

    /// <summary>True when the last that was heard of a stream is that nothing can be written to it.</summary>
    public bool IsUnwritable(string stream) => unwritable.Contains(stream);

    /// <summary>True when the server is not alone.</summary>
    public bool IsClustered => Options.Urls.Count > 1 || Connection.ServerInfo?.Cluster is { Length: > 0 };

    /// <summary>Ends what waits, and the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await link.DisposeAsync();
    }

    /// <summary>Asks the broker about no stream in particular, repeatedly while it does not answer.</summary>
    public Task<T> CallAsync<T>(string subject, Func<CancellationToken, ValueTask<T>> attempt, CancellationToken cancellationToken) =>
        CallAsync(subject, attempt, stream: null, callTimeout: null, cancellationToken);

    /// <summary>Asks the broker, repeatedly while it does not answer.</summary>
    /// <param name="subject">Where the request goes: a permission that is missing is told by it.</param>
    /// <param name="attempt">One attempt. An earlier one may have been taken in although no answer came.</param>
    /// <param name="stream">The stream that is asked; null for none.</param>
    /// <param name="callTimeout">How long it is repeated; <see cref="RequestTimeout"/> when null.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="TransportException">No answer in time, or a failure that repeating does not cure.</exception>
    public async Task<T> CallAsync<T>(string subject, Func<CancellationToken, ValueTask<T>> attempt, string? stream, TimeSpan? callTimeout, CancellationToken cancellationToken)
    {
        var began = Time.GetTimestamp();
        using var waiting = WaitBudget.Enter();
        var (hangs, isRead) = (unwritable.Contains(stream), subject.StartsWith(Api, StringComparison.Ordinal));
        var atMost = waiting.AtMost(hangs ? UnwritableStreams.ProbeTimeout : callTimeout ?? RequestTimeout);
        RetryBackoff? pauses = null;
        while (true)
            try
            {
                var answer = await AttemptAsync(subject, attempt, atMost - Time.GetElapsedTime(began), cancellationToken);
                unwritable.Speaks(stream, isRead);
                // While nothing can be written, what is only read may be answered all the same.
                if (!isRead)
                    unwritable.Remove(stream);
                return answer;
            }
            catch (NoResponseException none)
            {
                var waited = Time.GetElapsedTime(began);
                // An election looks the same, and must not be taken for a full disk: it is over before the silence has lasted so long, over all calls.
                var silence = none.WasSilent ? unwritable.Silence(stream, isRead, began, Time) : unwritable.Speaks(stream, isRead);
                if (stream is not null && none.WasSilent && (hangs ? waited >= atMost : silence >= (IsClustered ? RequestTimeout : ElectionTimeout)) && await IsThereAsync(cancellationToken))
                    throw new TransportException(unwritable.Add(stream, Connection.ServerInfo?.Name ?? "", IsClustered), none.InnerException);
                if (waited >= atMost)
                    throw new TransportException($"The broker did not answer on {subject} for {waited.TotalSeconds:0} s: {none.Message}", none.InnerException);
                await DelayAsync(pauses ??= RetryBackoff.ForBroker(Time, MaxRetryDelay), cancellationToken);
            }
    }

    /// <summary>Asks the broker once.</summary>
    /// <exception cref="NoResponseException">It did not answer; asking again may help.</exception>
    /// <exception cref="TransportException">It does not help.</exception>
    public async Task<T> AttemptAsync<T>(string subject, Func<CancellationToken, ValueTask<T>> attempt, TimeSpan limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(closing.IsCancellationRequested, typeof(NatsTransport));
        // Nothing is sent while the connection is down: the library would keep it and send it at some later time.
        if (!IsConnected)
            throw new NoResponseException("the connection is interrupted.");
        var began = Time.GetTimestamp();
        var connection = Interruption;
        using CancellationTokenSource timeout = new(limit < TimeSpan.Zero ? TimeSpan.Zero : limit < AttemptTimeout ? limit : AttemptTimeout, Time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource([cancellationToken, Closing, connection, timeout.Token]);
        try
        {
            return await attempt(any.Token);
        }
        catch (Exception failure) when (failure is OperationCanceledException or NatsException or SocketException or IOException or TimeoutException or ObjectDisposedException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ObjectDisposedException.ThrowIf(closing.IsCancellationRequested, typeof(NatsTransport));
            if (link.FindRefusal(subject, since: began) is { } refusal)
                throw new TransportException($"The broker does not allow it: {refusal}", failure);
            if (failure is OperationCanceledException or ObjectDisposedException)
                throw connection.IsCancellationRequested ? new NoResponseException("the connection was interrupted.", failure) : new NoResponseException("it was silent.", failure) { WasSilent = true };
            if (NatsErrors.IsTransient(failure))
                throw new NoResponseException(NatsErrors.Describe(failure), failure);
            throw new TransportException($"The broker refused {subject}: {NatsErrors.Describe(failure)}", failure);
        }
    }

    /// <summary>Waits, until the caller or the transport ends; then it returns at once.</summary>
    public async Task DelayAsync(RetryBackoff pauses, CancellationToken cancellationToken)
    {
        using var any = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Closing);
        await pauses.WaitAsync(any.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<bool> IsThereAsync(CancellationToken cancellationToken)
    {
        try
        {
            await AttemptAsync("PING", Connection.PingAsync, UnwritableStreams.ProbeTimeout, cancellationToken);
            return true;
        }
        catch (NoResponseException)
        {
            return false;
        }
    }
}
