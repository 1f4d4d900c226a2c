using System.Collections.Concurrent;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace Osapi.Transport.Nats;

/// <summary>
/// The connection, and calls that are repeated through elections and interruptions but never hang: the client library
/// itself waits for ever while the broker is away.
/// </summary>
internal sealed partial class Broker : IAsyncDisposable
{
    /// <summary>How long a call is repeated: longer than the election of a new leader.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private const int MostForbidden = 1000;

    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, (string Error, long At)> forbidden = new();
    private readonly CancellationTokenSource closing = new();
    private readonly ILogger logger;
    private CancellationTokenSource interruption = new();

    public Broker(NatsOptions options)
    {
        Options = options;
        Layout = new(options.Prefix);
        logger = options.Logger;
        Connection = new(ConnectionSettings.For(options));
        JetStream = new(Connection, new NatsJSOpts(Connection.Opts, apiPrefix: options.ApiPrefix));
        Connection.ConnectionOpened += (_, _) => Told(() => LogConnected(Connection.ServerInfo?.Name ?? "", Connection.ServerInfo?.Version ?? ""));
        Connection.ConnectionDisconnected += (_, what) => Told(() =>
        {
            LogInterrupted(what.Message);
            Interlocked.Exchange(ref interruption, new()).Cancel();
        });
        Connection.ServerError += (_, what) => Told(() => TakeError(what));
    }

    public NatsOptions Options { get; }

    public Layout Layout { get; }

    /// <summary>What the subjects of JetStream's requests begin with.</summary>
    public string Api => Options.ApiPrefix;

    /// <summary>
    /// True for an agent: it may not ask for any message of a stream that it shares with others, and gets those of its own
    /// subjects by name. A replica may answer that, and lag.
    /// </summary>
    public bool ReadsOwnSubjectsOnly => !Options.CreateStreams;

    public NatsConnection Connection { get; }

    public NatsJSContext JetStream { get; }

    public TimeProvider Time => Options.TimeProvider;

    /// <summary>The transport is being closed.</summary>
    public CancellationToken Closing => closing.Token;

    /// <summary>Is cancelled when the connection that stands now is interrupted: requests that wait at the broker are lost with it.</summary>
    public CancellationToken Interruption => Volatile.Read(ref interruption).Token;

    public bool IsConnected => Connection.ConnectionState == NatsConnectionState.Open;

    /// <summary>Ends what waits, and the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        try
        {
            await Connection.DisposeAsync();
        }
        catch (NatsException)
        {
            // It says goodbye to the broker for each of its subscriptions, and waits in vain for one that is gone.
        }
    }

    /// <summary>Asks the broker, repeatedly while it does not answer.</summary>
    /// <param name="subject">Where the request goes: a permission that is missing is told by it.</param>
    /// <param name="attempt">One attempt. An earlier one may have been taken in although no answer came.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TransportException">No answer within <see cref="Patience"/>, or a failure that repeating does not cure.</exception>
    public Task<T> CallAsync<T>(string subject, Func<CancellationToken, ValueTask<T>> attempt, CancellationToken cancellationToken) =>
        CallAsync(subject, attempt, Patience, cancellationToken);

    /// <inheritdoc cref="CallAsync{T}(string, Func{CancellationToken, ValueTask{T}}, CancellationToken)"/>
    public async Task<T> CallAsync<T>(string subject, Func<CancellationToken, ValueTask<T>> attempt, TimeSpan patience, CancellationToken cancellationToken)
    {
        var began = Time.GetTimestamp();
        Pauses? pauses = null;
        while (true)
            try
            {
                return await AttemptAsync(subject, attempt, patience - Time.GetElapsedTime(began), cancellationToken);
            }
            catch (NoAnswerException none) when (Time.GetElapsedTime(began) >= patience)
            {
                throw new TransportException($"The broker did not answer on {subject} for {patience.TotalSeconds:0} s: {none.Message}", none.InnerException);
            }
            catch (NoAnswerException)
            {
                await PauseAsync(pauses ??= new(Time, LongestPause), cancellationToken);
            }
    }

    /// <summary>Asks the broker once.</summary>
    /// <exception cref="NoAnswerException">It did not answer; asking again may help.</exception>
    /// <exception cref="TransportException">It does not help.</exception>
    public async Task<T> AttemptAsync<T>(string subject, Func<CancellationToken, ValueTask<T>> attempt, TimeSpan limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(closing.IsCancellationRequested, typeof(NatsTransport));
        // Nothing is sent while the connection is down: the library would keep it and send it at some later time.
        if (!IsConnected)
            throw new NoAnswerException("the connection is interrupted.");
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
            if (forbidden.TryGetValue(subject, out var refusal) && refusal.At >= began)
                throw new TransportException($"The broker does not allow it: {refusal.Error}", failure);
            if (failure is OperationCanceledException or ObjectDisposedException)
                throw new NoAnswerException(connection.IsCancellationRequested ? "the connection was interrupted." : "it was silent.", failure);
            if (Trouble.IsPassing(failure))
                throw new NoAnswerException(Trouble.Describe(failure), failure);
            throw new TransportException($"The broker refused {subject}: {Trouble.Describe(failure)}", failure);
        }
    }

    /// <summary>Waits, until the caller or the transport ends; then it returns at once.</summary>
    public async Task PauseAsync(Pauses pauses, CancellationToken cancellationToken)
    {
        using var any = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Closing);
        await pauses.WaitAsync(any.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void TakeError(NatsServerErrorEventArgs what)
    {
        LogServerError(what.Error);
        // 'Permissions Violation for Publish to "subject"'
        if (what.Kind != NatsServerErrorKind.PermissionsViolation || what.Error.Split('"') is not [_, var subject, ..])
            return;
        if (forbidden.Count >= MostForbidden)
            forbidden.Clear();
        forbidden[subject] = (what.Error, Time.GetTimestamp());
    }

    private static ValueTask Told(Action tell)
    {
        tell();
        return ValueTask.CompletedTask;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Connected to the broker {Server}, version {Version}")]
    private partial void LogConnected(string server, string version);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The connection to the broker is interrupted: {Reason}")]
    private partial void LogInterrupted(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The broker says: {Error}")]
    private partial void LogServerError(string error);
}
