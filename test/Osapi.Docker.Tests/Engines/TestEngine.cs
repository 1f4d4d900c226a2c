using System.Globalization;
using System.Net.Sockets;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Osapi.Docker.Tests.Engines;

/// <summary>A real engine on its own socket, with an image of busybox.</summary>
internal sealed class TestEngine : IAsyncDisposable
{
    /// <summary>The image that every engine has. Its name includes a registry, so that Podman does not add one.</summary>
    public const string Image = "localhost/osapi/busybox:1";

    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    private readonly string directory;
    private readonly LastingProcess process;

    private TestEngine(string kind, string directory, LastingProcess process)
    {
        (Kind, this.directory, this.process) = (kind, directory, process);
        Client = new DockerClientBuilder().WithEndpoint(new Uri(Address)).WithTimeout(WaitTimeout).Build();
    }

    public string Kind { get; }

    public string Socket => Path.Join(directory, "engine.sock");

    /// <summary>The address in the format of DOCKER_HOST.</summary>
    public string Address => $"unix://{Socket}";

    public int Pid { get; private set; }

    public DockerClient Client { get; }

    /// <summary>Starts an engine.</summary>
    /// <param name="kind"><c>dockerd</c>, <c>podman</c>, or <c>dockerd-net</c> in an isolated network.</param>
    /// <param name="insecureRegistries">The registries without TLS. Docker accepts those on loopback.</param>
    public static async Task<TestEngine> StartAsync(string kind, params IEnumerable<string> insecureRegistries)
    {
        Needs.Check(["unshare", "busybox", .. kind == "podman" ? (string[])["podman", "runc"] : ["dockerd", "containerd", "runc", "ip", "iptables", "nsenter"]]);
        // Short: a socket's path has at most 107 bytes (unix(7)).
        var directory = Path.Join(Path.GetTempPath(), $"osapi-{kind}-{Guid.NewGuid().ToString("N")[..8]}");
        Directory.CreateDirectory(directory);
        await File.WriteAllTextAsync(
            Path.Join(directory, "registries.conf"),
            "unqualified-search-registries = []\n" + string.Concat(insecureRegistries.Select(registry => $"[[registry]]\nlocation = \"{registry}\"\ninsecure = true\n")));
        TestEngine engine = new(kind, directory, LastingProcess.Start(Path.Join(AppContext.BaseDirectory, "Engines", "engine.sh"), kind, directory));
        try
        {
            await engine.ReadyAsync();
            await engine.ImportAsync(Image, "first");
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    /// <summary>Creates an image of a root file system with one file that distinguishes it from others.</summary>
    public async Task ImportAsync(string image, string version, params string[] changes)
    {
        var colon = image.LastIndexOf(':');
        using MemoryStream rootfs = new(Rootfs.Tar(version));
        LastStatus told = new();
        await Client.Images.CreateImageAsync(
            new() { FromSrc = "-", Repo = image[..colon], Tag = image[(colon + 1)..], Changes = ["CMD [\"/bin/sleep\", \"3600\"]", .. changes] },
            rootfs,
            new AuthConfig(),
            told,
            CancellationToken.None);
        // Podman chooses a name of its own.
        await Client.Images.TagImageAsync(told.Last, new() { RepositoryName = image[..colon], Tag = image[(colon + 1)..] }, CancellationToken.None);
        foreach (var name in (await Client.Images.InspectImageAsync(told.Last, CancellationToken.None)).RepoTags!.Where(name => name != image))
            await Client.Images.DeleteImageAsync(name, new(), CancellationToken.None);
    }

    /// <summary>Ends the engine as a crash does; its containers continue.</summary>
    public void Kill()
    {
        using var engine = System.Diagnostics.Process.GetProcessById(Pid);
        engine.Kill();
        engine.WaitForExit();
    }

    /// <summary>Restarts it after it was killed.</summary>
    public async Task StartAgainAsync()
    {
        await process.SayAsync("again");
        await ReadyAsync();
    }

    public async Task<IReadOnlyList<string>> ContainersAsync() =>
        [.. (await Client.Containers.ListContainersAsync(new() { All = true }, CancellationToken.None)).Select(container => container.Names[0].TrimStart('/'))];

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await process.DisposeAsync();
    }

    private async Task ReadyAsync()
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bound.CancelAfter(WaitTimeout);
        Pid = await process.ReadyAsync(bound.Token);
        while (!await AnswersAsync(bound.Token))
        {
            // After a crash Docker's own start can fail once, while the rest of the last run ends.
            if (!Directory.Exists(string.Create(CultureInfo.InvariantCulture, $"/proc/{Pid}")))
            {
                await process.SayAsync("again");
                Pid = await process.ReadyAsync(bound.Token);
            }

            await Task.Delay(Step, TimeProvider.System, bound.Token);
        }
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Client.System.PingAsync(cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException)
        {
            return false;
        }
    }

    private sealed class LastStatus : IProgress<JSONMessage>
    {
        public string Last { get; private set; } = "";

        public void Report(JSONMessage value) => Last = value.Status ?? Last;
    }
}
