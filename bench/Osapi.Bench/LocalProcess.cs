using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Osapi.Bench;

/// <summary>The published executable as <c>osapi start</c>, or with a broker, in a state directory of its own.</summary>
internal sealed class LocalProcess : IAsyncDisposable
{
    /// <summary>The name of its agent.</summary>
    public const string Host = "bench";

    private readonly DirectoryInfo directory;
    private readonly Process process;

    private LocalProcess(DirectoryInfo directory, Process process, HttpClient http)
    {
        this.directory = directory;
        this.process = process;
        Http = http;
    }

    /// <summary>A client with a token that permits everything.</summary>
    public HttpClient Http { get; }

    public int ProcessId => process.Id;

    private static string Executable => Environment.GetEnvironmentVariable("OSAPI_BIN") is { Length: > 0 } given ? given : "artifacts/native/osapi";

    /// <summary>Starts it, and waits until a job runs.</summary>
    public static Task<LocalProcess> StartAsync(string? broker = null) => StartAsync(["start"], broker, isAgent: true);

    /// <summary>Starts a controller without an agent, and waits until it is ready.</summary>
    public static Task<LocalProcess> StartControllerAsync(string broker) => StartAsync(["controller", "start"], broker, isAgent: false);

    /// <summary>Starts an agent without a controller.</summary>
    public static Process StartAgent(string broker, string directory) =>
        Process.Start(Product("agent", "start", "--hostname", Host, "--state-dir", directory, "--log-level", "warning", "--max-jobs", "64", "--nats", broker))!;

    private static async Task<LocalProcess> StartAsync(string[] command, string? broker, bool isAgent)
    {
        if (!File.Exists(Executable))
            throw new FileNotFoundException($"{Executable} is missing: dotnet publish src/Osapi.Cli -c Release -r linux-x64 -o artifacts/native");
        var directory = Directory.CreateTempSubdirectory("osapi-bench-");
        var url = $"http://127.0.0.1:{FreePort()}";
        string[] start = [.. command, "--listen", url, "--state-dir", directory.FullName, "--log-level", "warning"];
        if (isAgent)
            start = [.. start, "--hostname", Host, "--max-jobs", "64"];
        var process = Process.Start(Product(broker is null ? start : [.. start, "--nats", broker]))!;
        HttpClient http = new() { BaseAddress = new(url) };
        LocalProcess started = new(directory, process, http);
        while (!await started.IsReadyAsync())
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(directory.FullName));
        return started;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        directory.Delete(recursive: true);
    }

    /// <summary>Sends a request, and reads its whole response.</summary>
    /// <exception cref="HttpRequestException">The response is no success.</exception>
    public async Task SendAsync(HttpMethod method, string path, string? body = null)
    {
        using HttpRequestMessage request = new(method, path);
        if (body is not null)
            request.Content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        using var response = await Http.SendAsync(request);
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        await response.Content.ReadAsByteArrayAsync();
    }

    private async Task<bool> IsReadyAsync()
    {
        if (process.HasExited)
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{Executable} ended with {process.ExitCode}"));
        try
        {
            using var response = await Http.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<string> TokenAsync(string directory)
    {
        using var token = Process.Start(Product("token", "generate", "--roles", "admin", "--subject", "bench", "--state-dir", directory))!;
        var text = await token.StandardOutput.ReadToEndAsync();
        await token.WaitForExitAsync();
        return text.Trim();
    }

    private static ProcessStartInfo Product(params IEnumerable<string> arguments)
    {
        ProcessStartInfo product = new(Executable, arguments) { RedirectStandardOutput = true };
        foreach (var name in product.Environment.Keys.Where(name => !name.StartsWith("DOTNET_", StringComparison.Ordinal)).ToList())
            product.Environment.Remove(name);
        return product;
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
