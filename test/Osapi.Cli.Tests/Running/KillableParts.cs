using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Osapi.Cli.Tests.Running;

/// <summary>A broker, a controller and an agent that can be killed and started again where they were.</summary>
internal sealed class KillableParts(CliFixture fixture) : IAsyncDisposable
{
    private const string Url = "http://127.0.0.1:0";
    private const int Continue = 18;

    private readonly int brokerPort = FreePort();
    private readonly int controllerPort = FreePort();

    public RunningProgram Broker { get; private set; } = null!;

    public RunningSystem Controller { get; private set; } = null!;

    public RunningProgram Agent { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Nats => string.Create(CultureInfo.InvariantCulture, $"nats://127.0.0.1:{brokerPort}");

    public static async Task<KillableParts> StartAsync(CliFixture fixture)
    {
        KillableParts parts = new(fixture);
        await parts.StartBrokerAsync();
        await parts.StartControllerAsync();
        await parts.StartAgentAsync();
        parts.Http = parts.Controller.Http(await fixture.TokenAsync("admin"));
        parts.Http.Timeout = TimeSpan.FromSeconds(90);
        return parts;
    }

    public async Task StartBrokerAsync()
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Token);
        timeout.CancelAfter(TimeSpan.FromSeconds(40));
        Broker = fixture.StartProgram("nats-server", "-a", "127.0.0.1", "-p", brokerPort.ToString(CultureInfo.InvariantCulture), "-js", "-sd", Path.Combine(fixture.Directory, "broker"));
        await Broker.Error.FindAsync("Server is ready", timeout.Token);
    }

    public async Task StartControllerAsync()
    {
        var started = fixture.Start("controller", "start", "--listen", Url.Replace(":0", $":{controllerPort}", StringComparison.Ordinal), "--nats", Nats);
        Controller = new(started, await started.LineAsync(" listens on "));
    }

    public async Task StartAgentAsync()
    {
        Agent = fixture.Start("agent", "start", "--hostname", "web-01", "--nats", Nats, "--state-dir", Path.Combine(fixture.Directory, "agent"));
        await Agent.LineAsync(" takes jobs ");
    }

    public async Task<string> SubmitAsync(string command)
    {
        using StringContent body = new($$"""{"command":"{{command}}","timeout":120}""", Encoding.UTF8, "application/json");
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri("node/web-01/command/shell", UriKind.Relative)) { Content = body };
        request.Headers.Add("Prefer", "respond-async");
        using var answer = await Http.SendAsync(request, Token);
        answer.EnsureSuccessStatusCode();
        return answer.Headers.Location!.ToString().Split('/')[^1];
    }

    public async Task<string> EndAsync(string id)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Token);
        timeout.CancelAfter(TimeSpan.FromSeconds(90));
        while (true)
        {
            try
            {
                using var job = await JobAsync(id);
                if (job.RootElement.GetProperty("status").GetString() is { } status and not ("submitted" or "processing"))
                    return status;
            }
            catch (HttpRequestException)
            {
                // The controller answers 503 while the broker is away.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, timeout.Token);
        }
    }

    public async Task<JsonDocument> JobAsync(string id)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri($"job/{id}", UriKind.Relative));
        request.Headers.Add("Prefer", "max-output=0");
        using var answer = await Http.SendAsync(request, Token);
        answer.EnsureSuccessStatusCode();
        return JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(Token));
    }

    public Task<byte[]> OutputAsync(string id) => Http.GetByteArrayAsync(new Uri($"job/{id}/output", UriKind.Relative), Token);

    public async Task<string> HashAsync(string id) => Convert.ToHexStringLower(SHA256.HashData(await OutputAsync(id)));

    public ValueTask DisposeAsync()
    {
        // A stopped process ends only when it goes on.
        Broker.Signal(Continue);
        Http.Dispose();
        return ValueTask.CompletedTask;
    }

    private static int FreePort()
    {
        using System.Net.Sockets.TcpListener listener = new(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
