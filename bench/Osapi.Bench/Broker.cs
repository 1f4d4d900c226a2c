using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Osapi.Bench;

/// <summary>A nats-server on loopback with its own store directory, which is deleted afterwards.</summary>
internal sealed class Broker : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(10);

    private readonly DirectoryInfo directory;
    private readonly Process process;
    private readonly int monitor;

    private Broker(DirectoryInfo directory, Process process, int port, int monitor)
    {
        this.directory = directory;
        this.process = process;
        this.monitor = monitor;
        Url = $"nats://127.0.0.1:{port}";
    }

    public string Url { get; }

    public int ProcessId => process.Id;

    public static async Task<Broker> StartAsync()
    {
        var (port, monitor) = (FreePort(), FreePort());
        var directory = Directory.CreateTempSubdirectory("osapi-bench-nats-");
        var file = Path.Combine(directory.FullName, "server.conf");
        await File.WriteAllTextAsync(file, $$"""
            listen: "127.0.0.1:{{port}}"
            http: "127.0.0.1:{{monitor}}"
            log_file: "{{directory.FullName}}/log"
            jetstream { store_dir: "{{directory.FullName}}/store" }
            """);
        Broker broker = new(directory, Process.Start(new ProcessStartInfo("nats-server", ["-c", file]))!, port, monitor);
        await ListensAsync(port);
        return broker;
    }

    /// <summary>Returns the number of consumers of all streams.</summary>
    public async Task<int> ConsumersAsync()
    {
        using HttpClient http = new();
        using var state = JsonDocument.Parse(await http.GetStringAsync(new Uri($"http://127.0.0.1:{monitor}/jsz")));
        return state.RootElement.GetProperty("consumers").GetInt32();
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        directory.Delete(recursive: true);
    }

    private static async Task ListensAsync(int port)
    {
        for (var begin = Stopwatch.GetTimestamp(); ; await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System))
        {
            try
            {
                using TcpClient client = new();
                await client.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException) when (Stopwatch.GetElapsedTime(begin) < StartTimeout)
            {
                // It is starting.
            }
        }
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>The resources that a process has used so far, as counted by the kernel (proc(5)).</summary>
/// <param name="Cpu">The processor time.</param>
/// <param name="Memory">The resident memory in bytes.</param>
internal readonly record struct Usage(TimeSpan Cpu, long Memory)
{
    // USER_HZ, 100 on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    public static Usage Of(int processId)
    {
        // The name in parentheses may contain anything, so the fields are counted from its end.
        var stat = File.ReadAllText($"/proc/{processId}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return new(TimeSpan.FromSeconds(ticks / TicksPerSecond), long.Parse(fields[21], CultureInfo.InvariantCulture) * Environment.SystemPageSize);
    }
}
