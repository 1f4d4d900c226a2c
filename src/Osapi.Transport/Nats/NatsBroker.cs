using System.Collections.Concurrent;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace Osapi.Transport.Nats;

/// <summary>
/// The connection to the broker, and calls that are repeated through elections and interruptions but never hang.
/// </summary>
/// <remarks>The client library itself waits forever while the broker is away.</remarks>
internal sealed partial class NatsBroker : IAsyncDisposable
{
    /// <summary>The time for which a call is repeated: longer than the election of a new leader.</summary>
    public static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(15);

    private const int MaxPermissionErrors = 1000;

    // A server that lost its link or its leadership never answers: the call is repeated as soon as another server may
    // have taken over.
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromMilliseconds(500);

    // A standalone server holds no elections: after this time no answer is to be expected.
    private static readonly TimeSpan ElectionTimeout = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, (string Error, long At)> permissionErrors = new();
    private readonly CancellationTokenSource closing = new();
    private readonly ILogger logger;
    private readonly ReconnectPolicy reconnects;
    private readonly UnwritableStreams unwritable;
    private CancellationTokenSource interruption = new();

    public NatsBroker(NatsOptions options)
    {
        Options = options;
        Names = new(options.Prefix);
        logger = options.Logger;
        reconnects = new(options);
        unwritable = new(logger);
        Connection = new(NatsClientOptions.For(options));
        JetStream = new(Connection, new NatsJSOpts(Connection.Opts, apiPrefix: options.ApiPrefix));
        Connection.OnConnectingAsync = server => reconnects.BeforeConnectAsync(server, Closing);
        Connection.OnSocketAvailableAsync = WatchAsync;
        Connection.ConnectionOpened += (_, _) => Invoke(() =>
        {
            reconnects.Connected();
            LogConnected(Connection.ServerInfo?.Name ?? "", Connection.ServerInfo?.Version ?? "");
        });
        Connection.ConnectionDisconnected += (_, args) => Invoke(() =>
        {
            LogInterrupted(args.Message);
            Interlocked.Exchange(ref interruption, new()).Cancel();
        });
        Connection.ServerError += (_, args) => Invoke(() => HandleServerError(args));
    }

    public NatsOptions Options { get; }

    public NatsNames Names { get; }

    /// <summary>The prefix of the subjects of JetStream requests.</summary>
    public string Api => Options.ApiPrefix;

    /// <summary>
    /// True for an agent: it may not read arbitrary messages of a shared stream, but gets those of its own subjects by
    /// name. A replica, which may lag, can answer that.
    /// </summary>
    public bool ReadsOwnSubjectsOnly => !Options.CreateStreams;

    public NatsConnection Connection { get; }

    public NatsJSContext JetStream { get; }

    public TimeProvider Time => Options.TimeProvider;

    /// <summary>The token that is cancelled when the transport is being closed.</summary>
    public CancellationToken Closing => closing.Token;

    /// <summary>
    /// The token that is cancelled when the current connection is interrupted: requests waiting at the broker are lost
    /// with it.
    /// </summary>
    public CancellationToken Interruption => Volatile.Read(ref interruption).Token;

    /// <summary>True when the broker was not reachable at the first attempt to connect.</summary>
    public bool WasUnavailableAtStart { get; set; }

    public bool IsConnected => Connection.ConnectionState == NatsConnectionState.Open;

    /// <summary>True when the last write to a stream got no answer.</summary>
    public bool IsUnwritable(string stream) => unwritable.Contains(stream);

    private bool IsClustered => Options.Urls.Count > 1 || Connection.ServerInfo?.Cluster is { Length: > 0 };

    /// <summary>Ends pending calls, and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        try
        {
            await Connection.DisposeAsync();
        }
        catch (NatsException)
        {
            // The client sends an unsubscribe for each subscription, which hangs when the broker is gone.
        }
    }

    /// <summary>Calls the broker, without a particular stream, and repeats the call while there is no answer.</summary>
    public Task<T> CallAsync<T>(string subject, Func<CancellationToken, ValueTask<T>> attempt, CancellationToken cancellationToken) =>
        CallAsync(subject, attempt, stream: null, callTimeout: null, cancellationToken);

    /// <summary>Calls the broker, and repeats the call while there is no answer.</summary>
    /// <param name="subject">The subject of the request: an error about a missing permission refers to it.</param>
    /// <param name="attempt">One attempt. An earlier one may have been processed although no answer came.</param>
    /// <param name="stream">The stream that is used; null for none.</param>
    /// <param name="callTimeout">The time for which it is repeated; <see cref="RequestTimeout"/> when null.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="TransportException">No answer in time, or a permanent failure.</exception>
    public async Task<T> CallAsync<T>(string subject, Func<CancellationToken, ValueTask<T>> attempt, string? stream, TimeSpan? callTimeout, CancellationToken cancellationToken)
    {
        var began = Time.GetTimestamp();
        var isUnwritable = unwritable.Contains(stream);
        var maxWait = isUnwritable ? UnwritableStreams.ProbeTimeout : callTimeout ?? RequestTimeout;
        RetryBackoff? backoff = null;
        while (true)
            try
            {
                var answer = await AttemptAsync(subject, attempt, maxWait - Time.GetElapsedTime(began), cancellationToken);
                // While the stream cannot be written, reads may still be answered.
                if (!subject.StartsWith(Api, StringComparison.Ordinal))
                    unwritable.Remove(stream);
                return answer;
            }
            catch (NoResponseException noResponse)
            {
                var waited = Time.GetElapsedTime(began);
                // An election looks the same, and must not be mistaken for a full disk.
                if (stream is not null && noResponse.WasSilent && waited >= (isUnwritable ? maxWait : IsClustered ? RequestTimeout : ElectionTimeout) && await IsThereAsync(cancellationToken))
                    throw new TransportException(unwritable.Add(stream, Connection.ServerInfo?.Name ?? "", IsClustered), noResponse.InnerException);
                if (waited >= maxWait)
                    throw new TransportException($"The broker did not answer on {subject} for {maxWait.TotalSeconds:0} s: {noResponse.Message}", noResponse.InnerException);
                await DelayAsync(backoff ??= new(Time, MaxRetryDelay), cancellationToken);
            }
    }

    /// <summary>Calls the broker once.</summary>
    /// <exception cref="NoResponseException">No answer; a retry may help.</exception>
    /// <exception cref="TransportException">A failure that a retry does not cure.</exception>
    public async Task<T> AttemptAsync<T>(string subject, Func<CancellationToken, ValueTask<T>> attempt, TimeSpan limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(closing.IsCancellationRequested, typeof(NatsTransport));
        // Nothing is sent while the connection is down: the library would queue it and send it later.
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
            if (permissionErrors.TryGetValue(subject, out var refusal) && refusal.At >= began)
                throw new TransportException($"The broker does not allow it: {refusal.Error}", failure);
            if (failure is OperationCanceledException or ObjectDisposedException)
                throw connection.IsCancellationRequested ? new NoResponseException("the connection was interrupted.", failure) : new NoResponseException("no answer came.", failure) { WasSilent = true };
            if (NatsErrors.IsTransient(failure))
                throw new NoResponseException(NatsErrors.Describe(failure), failure);
            throw new TransportException($"The broker refused {subject}: {NatsErrors.Describe(failure)}", failure);
        }
    }

    /// <summary>Waits for the next retry delay; returns at once when the caller or the transport ends.</summary>
    public async Task DelayAsync(RetryBackoff backoff, CancellationToken cancellationToken)
    {
        using var any = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Closing);
        await backoff.WaitAsync(any.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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

    private static ValueTask<INatsSocketConnection> WatchAsync(INatsSocketConnection connection)
    {
        if (connection is INatsTlsUpgradeableSocketConnection { Socket: { } socket })
            DeadPeerDetection.Enable(socket);
        return ValueTask.FromResult(connection);
    }

    private void HandleServerError(NatsServerErrorEventArgs args)
    {
        LogServerError(args.Error);
        // 'Permissions Violation for Publish to "subject"'
        if (args.Kind != NatsServerErrorKind.PermissionsViolation || args.Error.Split('"') is not [_, var subject, ..])
            return;
        if (permissionErrors.Count >= MaxPermissionErrors)
            permissionErrors.Clear();
        permissionErrors[subject] = (args.Error, Time.GetTimestamp());
    }

    private static ValueTask Invoke(Action action)
    {
        action();
        return ValueTask.CompletedTask;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Connected to the broker {Server}, version {Version}")]
    private partial void LogConnected(string server, string version);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The connection to the broker is interrupted: {Reason}")]
    private partial void LogInterrupted(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The broker reported an error: {Error}")]
    private partial void LogServerError(string error);
}
