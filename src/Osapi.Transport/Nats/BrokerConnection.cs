using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;

namespace Osapi.Transport.Nats;

/// <summary>The connection to the broker: its interruptions, and what the broker says outside of answers.</summary>
internal sealed partial class BrokerConnection : IAsyncDisposable
{
    private const int MaxPermissionErrors = 1000;

    private readonly ConcurrentDictionary<string, (string Error, long At)> forbidden = new();
    private readonly ILogger logger;
    private readonly TimeProvider time;
    private readonly ReconnectPolicy comeback;
    private CancellationTokenSource interruption = new();

    public BrokerConnection(NatsOptions options, CancellationToken closing)
    {
        logger = options.Logger;
        time = options.TimeProvider;
        comeback = new(options);
        Client = new(NatsClientOptions.For(options));
        Client.OnConnectingAsync = server => comeback.BeforeConnectAsync(server, closing);
        Client.OnSocketAvailableAsync = WatchAsync;
        Client.ConnectionOpened += (_, _) => Invoke(() =>
        {
            comeback.Connected();
            LogConnected(Client.ServerInfo?.Name ?? "", Client.ServerInfo?.Version ?? "");
        });
        Client.ConnectionDisconnected += (_, what) => Invoke(() =>
        {
            LogInterrupted(what.Message);
            Interlocked.Exchange(ref interruption, new()).Cancel();
        });
        Client.ServerError += (_, what) => Invoke(() => HandleServerError(what));
    }

    /// <summary>The library's connection.</summary>
    public NatsConnection Client { get; }

    /// <summary>Is cancelled when the connection that stands now is interrupted: requests that wait at the broker are lost with it.</summary>
    public CancellationToken Interruption => Volatile.Read(ref interruption).Token;

    /// <summary>True while the connection stands.</summary>
    public bool IsOpen => Client.ConnectionState == NatsConnectionState.Open;

    /// <summary>Gets the broker's words when it has refused a publish since a time for lack of a permission; otherwise null.</summary>
    public string? FindRefusal(string subject, long since) => forbidden.TryGetValue(subject, out var refusal) && refusal.At >= since ? refusal.Error : null;

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Client.DisposeAsync();
        }
        catch (NatsException)
        {
            // It says goodbye to the broker for each of its subscriptions, and waits in vain for one that is gone.
        }
    }

    private static ValueTask<INatsSocketConnection> WatchAsync(INatsSocketConnection connection)
    {
        if (connection is INatsTlsUpgradeableSocketConnection { Socket: { } socket })
            DeadPeerDetection.Enable(socket);
        return ValueTask.FromResult(connection);
    }

    private void HandleServerError(NatsServerErrorEventArgs what)
    {
        LogServerError(what.Error);
        // 'Permissions Violation for Publish to "subject"'
        if (what.Kind != NatsServerErrorKind.PermissionsViolation || what.Error.Split('"') is not [_, var subject, ..])
            return;
        if (forbidden.Count >= MaxPermissionErrors)
            forbidden.Clear();
        forbidden[subject] = (what.Error, time.GetTimestamp());
    }

    private static ValueTask Invoke(Action tell)
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
