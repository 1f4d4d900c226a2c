using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Osapi.Agent;
using Osapi.Client;
using Osapi.Controller;
using Osapi.Hosting;
using Osapi.Transport.Embedded;

namespace Osapi.Docker.Tests;

/// <summary>
/// A fixture of a whole system: a controller and agents, each with its own engine or none, and everything that they
/// log.
/// </summary>
internal sealed class Fleet : IAsyncDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("osapi-fleet-");
    private readonly List<OsapiAgent> agents = [];
    private readonly Lines lines = new();
    private EmbeddedTransport? transport;
    private OsapiController? controller;
    private OsapiClient? client;

    public OsapiClient Client => client!;

    /// <summary>The directory of all state.</summary>
    public string StateDirectory => root.FullName;

    /// <summary>Everything that was logged so far, at every level.</summary>
    public string Log => string.Join('\n', lines.All);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts a system.</summary>
    /// <param name="hosts">The hosts' names, and the addresses of their engines.</param>
    public static async Task<Fleet> StartAsync(params IReadOnlyList<(string Name, string DockerHost)> hosts)
    {
        Fleet fleet = new();
        void Logging(ILoggingBuilder logging) => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(fleet.lines);
        fleet.transport = await EmbeddedTransport.OpenAsync(new() { Directory = fleet.root.FullName }, Token);
        var socket = Path.Join(fleet.root.FullName, SocketFile.Name);
        fleet.controller = await OsapiController.StartAsync(new() { Transport = fleet.transport, StateDirectory = fleet.root.FullName, IsAlone = true }, new() { Socket = socket }, Logging, Token);
        using LoggerFactory factory = new([fleet.lines]);
        foreach (var (name, address) in hosts)
            fleet.agents.Add(await OsapiAgent.StartAsync(
                new() { Transport = fleet.transport, StateDirectory = Path.Join(fleet.root.FullName, $"agent-{name}") },
                new() { Hostname = name, DockerHost = address },
                factory.CreateLogger("Osapi.Agent"),
                Token));
        fleet.client = LocalClient.Create(socket, Path.Join(fleet.root.FullName, "signing.key"));
        await fleet.controller.FirstAgent.WaitAsync(Token);
        // The others are known a moment later.
        while ((await fleet.client.Node.HostnameAsync("_all", cancellationToken: Token)).Hosts.Count < hosts.Count)
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Token);
        return fleet;
    }

    /// <summary>Finds the files that contain a text.</summary>
    public IReadOnlyList<string> FilesWith(string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        return [.. root.EnumerateFiles("*", SearchOption.AllDirectories).Where(file => file.Name is not ("lock" or SocketFile.Name) && Holds(file.FullName, bytes)).Select(file => file.Name)];
    }

    public async ValueTask DisposeAsync()
    {
        client?.Dispose();
        foreach (var agent in agents)
            await agent.DisposeAsync();
        if (controller is not null)
            await controller.DisposeAsync();
        if (transport is not null)
            await transport.DisposeAsync();
        lines.Dispose();
        root.Delete(recursive: true);
    }

    private static bool Holds(string path, byte[] bytes)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using MemoryStream content = new();
        file.CopyTo(content);
        return content.ToArray().AsSpan().IndexOf(bytes) >= 0;
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> lines = [];

        public IEnumerable<string> All => lines;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose() => lines.Clear();
    }
}
