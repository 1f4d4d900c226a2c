using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Osapi.Cli.Hosting;

/// <summary>Reports the state of the service to systemd (sd_notify(3)); does nothing when systemd does not listen.</summary>
internal sealed class SystemdNotice : IAsyncDisposable
{
    private readonly Socket? socket;
    private readonly CancellationTokenSource stop = new();
    private readonly Task watching;

    private SystemdNotice(string? address, TimeSpan? watchdog, TimeProvider time)
    {
        if (address is { Length: > 1 } && address[0] is '/' or '@')
        {
            socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            // '@' stands for the leading NUL of an abstract socket.
            socket.Connect(new UnixDomainSocketEndPoint(address[0] == '@' ? "\0" + address[1..] : address));
        }

        watching = socket is not null && watchdog is { } within ? WatchAsync(within / 2, time) : Task.CompletedTask;
    }

    /// <summary>Connects to the socket that the environment names.</summary>
    /// <exception cref="SocketException">The socket does not exist.</exception>
    public static SystemdNotice FromEnvironment(TimeProvider time)
    {
        var ours = Environment.GetEnvironmentVariable("WATCHDOG_PID") is not { Length: > 0 } process || process == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        TimeSpan? watchdog = ours && long.TryParse(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), CultureInfo.InvariantCulture, out var microseconds) && microseconds > 0
            ? TimeSpan.FromMicroseconds(microseconds)
            : null;
        return new(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"), watchdog, time);
    }

    public void Ready(string status) => Send($"READY=1\nSTATUS={status}");

    public void Status(string status) => Send($"STATUS={status}");

    public void Stopping() => Send("STOPPING=1\nSTATUS=stopping");

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        socket?.Dispose();
        stop.Dispose();
    }

    private async Task WatchAsync(TimeSpan every, TimeProvider time)
    {
        using PeriodicTimer timer = new(every, time);
        do
            Send("WATCHDOG=1");
        while (await timer.WaitForNextTickAsync(stop.Token));
    }

    private void Send(string state)
    {
        try
        {
            socket?.Send(Encoding.UTF8.GetBytes(state));
        }
        catch (SocketException)
        {
            // The service manager is restarting or gone: the service continues without it.
        }
    }
}
