using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Osapi.Agent;
using Osapi.Client;
using Osapi.Controller;
using Osapi.Transport.Embedded;

namespace Osapi.Embedded;

/// <summary>Controller, agent and storage in this process: everything that one machine needs.</summary>
public sealed class EmbeddedSystem : IAsyncDisposable
{
    private readonly EmbeddedTransport transport;
    private readonly OsapiController controller;
    private readonly OsapiAgent agent;
    private readonly ServiceProvider logging;

    private EmbeddedSystem(EmbeddedTransport transport, OsapiController controller, OsapiAgent agent, ServiceProvider logging, EmbeddedSystemOptions options, string socket)
    {
        this.transport = transport;
        this.controller = controller;
        this.agent = agent;
        this.logging = logging;
        StateDirectory = options.StateDirectory;
        Socket = socket;
    }

    /// <summary>Where it keeps everything.</summary>
    public string StateDirectory { get; }

    /// <summary>The path of its Unix socket.</summary>
    public string Socket { get; }

    /// <summary>Where it listens on TCP, with the real ports.</summary>
    public IReadOnlyList<string> Urls => [.. controller.Urls.Where(url => !url.Contains("unix:", StringComparison.Ordinal))];

    /// <summary>Starts a system. It takes calls when this completes; jobs that an earlier run accepted and never started are expired by then.</summary>
    /// <exception cref="StateDirectoryBusyException">Another system holds the state directory.</exception>
    public static async Task<EmbeddedSystem> StartAsync(EmbeddedSystemOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var transport = await EmbeddedTransport.OpenAsync(new() { Directory = options.StateDirectory }, cancellationToken);
        try
        {
            return await StartAsync(options, transport, cancellationToken);
        }
        catch
        {
            await transport.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client of this system with every permission.</summary>
    public OsapiClient CreateClient() => LocalClient.Create(StateDirectory, Socket);

    /// <summary>Completes when the system was told to stop (SIGTERM, SIGINT), or its agent could not go on: then it is faulted.</summary>
    public async Task WaitForShutdownAsync(CancellationToken cancellationToken)
    {
        var ended = await Task.WhenAny(controller.WaitForShutdownAsync(cancellationToken), agent.Completion);
        await ended;
    }

    /// <summary>Stops taking calls, lets running jobs end for a few seconds, and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        // The agent first: its last words still reach the log, and whoever waits for them.
        await agent.DisposeAsync();
        await controller.DisposeAsync();
        await transport.DisposeAsync();
        await logging.DisposeAsync();
        File.Delete(Socket);
    }

    private static async Task<EmbeddedSystem> StartAsync(EmbeddedSystemOptions options, EmbeddedTransport transport, CancellationToken cancellationToken)
    {
        var socket = options.Socket ?? Path.Combine(options.StateDirectory, LocalClient.SocketName);
        // Left over from a run that was killed: the lock on the state directory says that nobody listens there.
        File.Delete(socket);
        var controller = await OsapiController.StartAsync(
            new() { Transport = transport, StateDirectory = options.StateDirectory, Urls = options.Urls, Socket = socket, Alone = true }, options.Logging, cancellationToken);
        try
        {
            File.SetUnixFileMode(socket, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            var logging = new ServiceCollection().AddLogging(options.Logging).BuildServiceProvider();
            var agent = await OsapiAgent.StartAsync(
                new()
                {
                    Transport = transport,
                    LedgerDirectory = Path.Combine(options.StateDirectory, "ledger"),
                    StateDirectory = Path.Combine(options.StateDirectory, "agent"),
                    Hostname = options.Hostname,
                    Labels = options.Labels,
                    MaxJobs = options.MaxJobs,
                    Version = ProductVersion.Text,
                },
                logging.GetRequiredService<ILoggerFactory>().CreateLogger("Osapi.Agent"),
                cancellationToken);
            await Task.WhenAny(controller.FirstAgent, agent.Completion).WaitAsync(cancellationToken);
            return new(transport, controller, agent, logging, options, socket);
        }
        catch
        {
            await controller.DisposeAsync();
            throw;
        }
    }
}
