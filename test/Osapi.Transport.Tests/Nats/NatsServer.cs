using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Osapi.Transport.Tests.Nats;

/// <summary>A real nats-server on a loopback port, with a directory of its own.</summary>
internal sealed class NatsServer : IAsyncDisposable
{
    // A server that a test overloads uses at most 4 GiB of address space, and it dies with the test's process, whose
    // end closes the pipe.
    private const string Bounded = """
        ulimit -v 4194304
        exec 3<&0
        (cat <&3 >/dev/null; kill -KILL $$) 2>/dev/null &
        exec nats-server "$@" 3<&- <&-
        """;

    private readonly string configuration;
    private Process? process;

    private NatsServer(string directory, int port, string configuration)
    {
        Directory = directory;
        Port = port;
        this.configuration = configuration;
    }

    public string Directory { get; }

    public int Port { get; }

    public bool IsRunning => process is { HasExited: false };

    public string Url => $"nats://127.0.0.1:{Port}";

    /// <summary>Starts a server.</summary>
    /// <param name="more">The additional configuration: users, certificates. JetStream and the port are given.</param>
    public static async Task<NatsServer> StartAsync(string more = "")
    {
        while (true)
        {
            var server = Create("server", FreePorts(1)[0], more);
            if (await server.TryStartAsync())
                return server;
            // Another process took the port in between.
            await server.DisposeAsync();
        }
    }

    /// <summary>Creates a server that is not started yet.</summary>
    public static NatsServer Create(string name, int port, string more)
    {
        var directory = System.IO.Directory.CreateTempSubdirectory("osapi-nats-").FullName;
        return new(directory, port, $$"""
            server_name: "{{name}}"
            listen: "127.0.0.1:{{port}}"
            log_file: "{{directory}}/log"
            jetstream { store_dir: "{{directory}}/store" }
            {{more}}
            """);
    }

    /// <summary>Finds unused ports, outside of the system's range for clients.</summary>
    public static int[] FreePorts(int count)
    {
        List<TcpListener> listeners = [];
        try
        {
            while (listeners.Count < count)
                try
                {
                    TcpListener listener = new(IPAddress.Loopback, Random.Shared.Next(20_000, 32_000));
                    listener.Start();
                    listeners.Add(listener);
                }
                catch (SocketException)
                {
                    // In use: try another one.
                }

            return [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            listeners.ForEach(listener => listener.Dispose());
        }
    }

    /// <summary>Starts it, with its stored data. False when its port is taken.</summary>
    public async Task<bool> TryStartAsync()
    {
        var file = Path.Combine(Directory, "server.conf");
        await File.WriteAllTextAsync(file, configuration);
        process = Process.Start(new ProcessStartInfo("sh", ["-c", Bounded, "nats-server", "-c", file]) { RedirectStandardInput = true, RedirectStandardError = true })!;
        while (!process.HasExited)
            try
            {
                using TcpClient client = new();
                await client.ConnectAsync(IPAddress.Loopback, Port);
                return true;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
            }

        var log = await File.ReadAllTextAsync(Path.Combine(Directory, "log"));
        return log.Contains("address already in use", StringComparison.Ordinal) ? false : throw new InvalidOperationException($"nats-server did not start: {log}");
    }

    /// <summary>Kills it with kill -9.</summary>
    public async Task KillAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        process = null;
    }

    /// <summary>Kills it with kill -9 and restarts it on the same port and directory.</summary>
    public async Task RestartAsync()
    {
        await KillAsync();
        while (!await TryStartAsync())
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
            await KillAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}
