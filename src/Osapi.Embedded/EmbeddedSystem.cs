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

/// <summary>Controller, agent and storage in this process: everything that one machine needs.</summary>
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

    /// <summary>Where it keeps everything.</summary>
    public string StateDirectory => options.StateDirectory;

    /// <summary>The path of its Unix socket.</summary>
    public string Socket => options.Socket!;

    /// <summary>Where it listens on TCP, with the real ports.</summary>
    public IReadOnlyList<string> Urls => [.. parts.Controller!.Urls];

    /// <summary>Starts a system. It takes calls when this completes; jobs that an earlier run accepted and never started are expired by then.</summary>
    /// <exception cref="StateDirectoryBusyException">Another system holds the state directory.</exception>
    /// <exception cref="ArgumentException">An address, or the path of the socket, cannot be listened on.</exception>
    /// <exception cref="IOException">An address or the socket is taken.</exception>
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

    /// <summary>A client of this system with every permission.</summary>
    public OsapiClient CreateClient() => LocalClient.Create(Socket, options.SigningKeyFile!);

    /// <summary>Completes when the system was stopped, or the token says so; faulted when its controller or its agent could not go on.</summary>
    public async Task WaitForShutdownAsync(CancellationToken cancellationToken)
    {
        // Waiting is all that the token ends: the order of stopping is that of DisposeAsync.
        var ended = await Task.WhenAny(parts.Controller!.WaitForShutdownAsync(CancellationToken.None), parts.Agent!.Completion).WaitAsync(cancellationToken);
        await ended;
    }

    /// <summary>Stops taking calls, lets running jobs end for a few seconds, and stops.</summary>
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
        // An agent that failed instead says why here.
        await await Task.WhenAny(controller.FirstAgent, agent.Completion).WaitAsync(cancellationToken);
    }

    // Whoever registered did so in a run that is over. What is known of this agent stays, such as that it was drained;
    // one of another name will not come back.
    private static async Task ForgetAsync(EmbeddedTransport transport, string hostname, CancellationToken cancellationToken)
    {
        foreach (var host in await transport.Hosts.ListAsync(cancellationToken))
            if (host.Key != HostKey.Of(hostname))
                await transport.Hosts.DeleteAsync(host.Key, cancellationToken);
            else
                await HostRecords.ChangeAsync(transport, host.Key, known => known is null ? null : known with { StoppedAt = known.StoppedAt ?? transport.ServerNow }, cancellationToken);
    }

    /// <summary>What runs, as far as it was started.</summary>
    private sealed class Parts
    {
        public ServiceProvider? Logging { get; set; }

        public EmbeddedTransport? Transport { get; set; }

        public OsapiController? Controller { get; set; }

        public OsapiAgent? Agent { get; set; }

        public async Task StopAsync()
        {
            List<Exception> failures = [];
            // The agent first: its last words still reach the log, and whoever waits for them.
            foreach (var part in new IAsyncDisposable?[] { Agent, Controller, Transport, Logging })
                try
                {
                    await (part?.DisposeAsync() ?? ValueTask.CompletedTask);
                }
                catch (Exception exception)
                {
                    // The others are to be stopped all the same.
                    failures.Add(exception);
                }

            if (failures.Count > 0)
                ExceptionDispatchInfo.Throw(failures[0]);
        }
    }
}
