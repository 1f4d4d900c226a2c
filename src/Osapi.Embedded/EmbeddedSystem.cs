using System.Runtime.ExceptionServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Osapi.Agent;
using Osapi.Client;
using Osapi.Controller;
using Osapi.Controller.Auth;
using Osapi.Transport.Embedded;
using Osapi.Transport.Jobs;

namespace Osapi.Embedded;

/// <summary>A complete system in this process: controller, agent and storage for one machine.</summary>
public sealed class EmbeddedSystem : IAsyncDisposable
{
    private readonly Parts parts;
    private readonly Lazy<Task> stopped;

    private readonly EmbeddedSystemOptions options;

    private EmbeddedSystem(Parts parts, EmbeddedSystemOptions options)
    {
        this.parts = parts;
        this.options = options;
        stopped = new(parts.StopAsync);
    }

    /// <summary>The state directory.</summary>
    public string StateDirectory => options.StateDirectory;

    /// <summary>The path of the controller's Unix socket.</summary>
    public string Socket => options.Socket!;

    /// <summary>The TCP addresses that the controller listens on, with the actual ports.</summary>
    public IReadOnlyList<string> Urls => [.. parts.Controller!.Urls];

    /// <summary>Starts a system. It accepts calls when this completes; jobs that an earlier run accepted and never started have expired by then.</summary>
    /// <exception cref="StateDirectoryBusyException">Another system uses the state directory.</exception>
    /// <exception cref="ArgumentException">An address or the path of the socket is invalid.</exception>
    /// <exception cref="IOException">An address or the socket is in use.</exception>
    public static async Task<EmbeddedSystem> StartAsync(EmbeddedSystemOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var directory = Path.GetFullPath(options.StateDirectory);
        options = options with
        {
            StateDirectory = directory,
            Socket = Path.GetFullPath(options.Socket ?? Path.Combine(directory, SocketFile.Name)),
            SigningKeyFile = options.SigningKeyFile ?? Path.Combine(directory, SigningKey.FileName),
        };
        Parts parts = new();
        try
        {
            await StartAsync(parts, options, cancellationToken);
            return new(parts, options);
        }
        catch
        {
            await parts.StopAsync();
            throw;
        }
    }

    /// <summary>Creates a client of this system with all permissions.</summary>
    public OsapiClient CreateClient() => LocalClient.Create(Socket, options.SigningKeyFile!);

    /// <summary>Completes when the system has stopped, or the token is cancelled; faulted when its controller or its agent failed.</summary>
    public async Task WaitForShutdownAsync(CancellationToken cancellationToken)
    {
        // The token only ends the waiting; DisposeAsync stops the system in order.
        var ended = await Task.WhenAny(parts.Controller!.WaitForShutdownAsync(CancellationToken.None), parts.Agent!.Completion).WaitAsync(cancellationToken);
        await ended;
    }

    /// <summary>Stops accepting calls, lets running jobs end for a few seconds, and stops.</summary>
    public ValueTask DisposeAsync() => new(stopped.Value);

    private static async Task StartAsync(Parts parts, EmbeddedSystemOptions options, CancellationToken cancellationToken)
    {
        var logging = parts.Logging = new ServiceCollection().AddLogging(options.Logging).BuildServiceProvider();
        var logger = logging.GetRequiredService<ILoggerFactory>();
        var transport = parts.Transport = await EmbeddedTransport.OpenAsync(
            new() { Directory = options.StateDirectory, KeepJobs = options.KeepJobs, KeepResults = options.KeepJobs, Logger = logger.CreateLogger("Osapi.Transport") }, cancellationToken);
        var hostname = options.Hostname ?? OsapiAgent.MachineName;
        await ForgetAsync(transport, hostname, cancellationToken);

        var controller = parts.Controller = await OsapiController.StartAsync(
            new()
            {
                Transport = transport,
                StateDirectory = options.StateDirectory,
                SigningKeyFile = options.SigningKeyFile,
                Urls = options.Urls,
                Tls = options.Tls,
                Socket = options.Socket,
                Alone = true,
                MaxRequestBytes = options.MaxRequestBytes,
                MaxUploadBytes = options.MaxUploadBytes,
                Limits = options.Limits,
                KeepJobs = options.KeepJobs,
                KeepAtMost = options.KeepAtMost,
                KeepAgents = options.KeepAgents,
            },
            options.Logging,
            cancellationToken);
        var agent = parts.Agent = await OsapiAgent.StartAsync(
            new()
            {
                Transport = transport,
                Alone = true,
                LedgerDirectory = Path.Combine(options.StateDirectory, "ledger"),
                StateDirectory = Path.Combine(options.StateDirectory, "agent"),
                Hostname = hostname,
                Labels = options.Labels,
                CustomFacts = options.CustomFacts,
                MaxJobs = options.MaxJobs,
                Conditions = options.Conditions,
                DockerHost = options.DockerHost,
                Version = ProductVersion.Text,
            },
            logger.CreateLogger("Osapi.Agent"),
            cancellationToken);
        // An agent that failed reports its error here.
        await await Task.WhenAny(controller.FirstAgent, agent.Completion).WaitAsync(cancellationToken);
    }

    // All registrations are from an earlier run. The record of this agent is kept, for example its drain; agents of other names will
    // not return.
    private static async Task ForgetAsync(EmbeddedTransport transport, string hostname, CancellationToken cancellationToken)
    {
        foreach (var host in await transport.Hosts.ListAsync(cancellationToken))
            if (host.Key != HostKey.Of(hostname))
                await transport.Hosts.DeleteAsync(host.Key, cancellationToken);
            else
                await HostRecords.ChangeAsync(transport, host.Key, known => known is null ? null : known with { StoppedAt = known.StoppedAt ?? transport.ServerNow }, cancellationToken);
    }

    /// <summary>The started parts.</summary>
    private sealed class Parts
    {
        public ServiceProvider? Logging { get; set; }

        public EmbeddedTransport? Transport { get; set; }

        public OsapiController? Controller { get; set; }

        public OsapiAgent? Agent { get; set; }

        public async Task StopAsync()
        {
            List<Exception> failures = [];
            // The agent first: its last messages still reach the log and the callers that wait for them.
            foreach (var part in new IAsyncDisposable?[] { Agent, Controller, Transport, Logging })
                try
                {
                    await (part?.DisposeAsync() ?? ValueTask.CompletedTask);
                }
                catch (Exception exception)
                {
                    // The other parts must be stopped as well.
                    failures.Add(exception);
                }

            if (failures.Count > 0)
                ExceptionDispatchInfo.Throw(failures[0]);
        }
    }
}
