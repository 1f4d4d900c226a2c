using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Docker.DotNet.Models;

namespace Osapi.Docker.Tests.Engines;

/// <summary>A real registry on loopback, with a user or open to all.</summary>
internal sealed class Registry : IAsyncDisposable
{
    public const string User = "osapi", Password = "only-for-this-test";

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    private readonly string directory;
    private readonly LastingProcess process;

    private Registry(string directory, string name, LastingProcess process) => (this.directory, Name, this.process) = (directory, name, process);

    /// <summary>The name in images: <c>127.0.0.1:PORT</c>.</summary>
    public string Name { get; }

    /// <summary>Gets the name of a registry that does not exist.</summary>
    public static string Nowhere => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{FreePort()}");

    public static async Task<Registry> StartAsync(bool withUser)
    {
        Needs.Check("docker-registry", "htpasswd");
        var directory = Directory.CreateTempSubdirectory("osapi-registry-").FullName;
        var name = Nowhere;
        var users = Path.Join(directory, "htpasswd");
        await File.WriteAllTextAsync(users, withUser ? await HashAsync() : "");
        var auth = withUser ? $"auth: {{htpasswd: {{realm: osapi, path: {users}}}}}\n" : "";
        await File.WriteAllTextAsync(
            Path.Join(directory, "registry.yml"),
            $"version: 0.1\nlog: {{level: error}}\nstorage:\n  filesystem: {{rootdirectory: {directory}/data}}\n{auth}http: {{addr: \"{name}\"}}\n");
        // Ends when the tests do, in any way.
        const string Script = """docker-registry serve "$0" > /dev/null 2>&1 < /dev/null & echo "ready $!"; cat > /dev/null; kill $!""";
        Registry registry = new(directory, name, LastingProcess.Start("-c", Script, Path.Join(directory, "registry.yml")));
        await registry.process.ReadyAsync(TestContext.Current.CancellationToken);
        await registry.ListensAsync();
        return registry;
    }

    /// <summary>Creates an image and stores it here under a name such as <c>app:1</c>.</summary>
    public async Task PushAsync(TestEngine engine, string name, string version)
    {
        // Under another name of this machine, so that the engine does not have an image of the name to be pulled.
        var image = $"{Name.Replace("127.0.0.1", "localhost", StringComparison.Ordinal)}/{name}";
        await engine.ImportAsync(image, version);
        List<string> errors = [];
        await engine.Client.Images.PushImageAsync(image, new(), new AuthConfig { Username = User, Password = Password, ServerAddress = Name }, new Told(errors), CancellationToken.None);
        Assert.Empty(errors);
        await engine.Client.Images.DeleteImageAsync(image, new() { Force = true }, CancellationToken.None);
    }

    /// <summary>Removes the layers of a repository, while its manifest stays.</summary>
    public void LoseLayers(string repository) => Directory.Delete(Path.Join(directory, "data", "docker", "registry", "v2", "repositories", repository, "_layers"), recursive: true);

    /// <summary>Creates a credentials file for this registry.</summary>
    public string Credentials(string password = Password)
    {
        var path = Path.Join(directory, $"config-{Guid.NewGuid():N}.json");
        var auth = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{User}:{password}"));
        File.WriteAllText(path, $"{{\"auths\": {{\"{Name}\": {{\"auth\": \"{auth}\"}}}}}}");
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    private async Task ListensAsync()
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bound.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
            try
            {
                using TcpClient probe = new();
                await probe.ConnectAsync(IPEndPoint.Parse(Name), bound.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(Step, TimeProvider.System, bound.Token);
            }
    }

    private static async Task<string> HashAsync()
    {
        using var process = Process.Start(new ProcessStartInfo("htpasswd", ["-Bbn", User, Password]) { RedirectStandardOutput = true })!;
        var line = await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        return line;
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed class Told(List<string> errors) : IProgress<JSONMessage>
    {
        public void Report(JSONMessage value)
        {
            if (value.Error?.Message is { } error)
                errors.Add(error);
        }
    }
}
