using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Osapi.Controller.Agents;
using Osapi.Controller.Runs.Detached;
using Osapi.Transport;

namespace Osapi.Controller;

/// <summary>A running controller, which turns calls into jobs and jobs into responses.</summary>
public sealed class OsapiController : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly string? socket;
    private readonly Lazy<Task> stopped;

    private OsapiController(WebApplication app, string? socket)
    {
        this.app = app;
        this.socket = socket;
        stopped = new(StopAsync);
    }

    /// <summary>The TCP addresses that it listens on, with the actual port.</summary>
    public IReadOnlyCollection<string> Urls => [.. app.Urls.Where(url => !url.Contains("unix:", StringComparison.Ordinal))];

    /// <summary>The task that completes when an agent has registered; a system on one machine is not usable before.</summary>
    public Task FirstAgent => app.Services.GetRequiredService<AgentRegistry>().FirstAgent;

    internal IServiceProvider Services => app.Services;

    /// <summary>
    /// Starts a controller. It has read its log before it accepts the first request, and accepts requests when this
    /// completes.
    /// </summary>
    /// <exception cref="ArgumentException">An address is not valid for listening.</exception>
    /// <exception cref="IOException">An address or the socket is in use.</exception>
    public static async Task<OsapiController> StartAsync(NodeEnvironment node, ControllerOptions options, Action<ILoggingBuilder> logging, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(logging);
        var addresses = ListenAddresses.Read(options);
        // A slim builder reads the environment and files of the current directory; only the options count here.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "osapi" });
        logging(builder.Logging);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(addresses.Configure);
        builder.Services.AddController(node, options);
        // The process handles signals: it may have more to stop than a controller, in a certain order.
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        if (options.Socket is { } socket)
            SocketFile.Clear(socket);

        var app = builder.Build();
        try
        {
            app.MapController();
            await app.StartAsync(cancellationToken);
            if (options.Socket is { } listening)
                File.SetUnixFileMode(listening, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            return new(app, options.Socket);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested && Failure(app) is { } failure)
        {
            // A failing part stops the others, whose errors then only say that they were stopped.
            await app.DisposeAsync();
            throw failure;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>True when a controller with this state directory has used a store before.</summary>
    public static bool HasSeenStore(string stateDirectory) => File.Exists(Path.Combine(stateDirectory, RosterFile.FileName));

    /// <summary>Waits until the controller was stopped; faulted when it failed.</summary>
    public async Task WaitForShutdownAsync(CancellationToken cancellationToken)
    {
        await app.WaitForShutdownAsync(cancellationToken);
        if (Failure(app) is { } failure)
            throw failure;
    }

    // The failure of a part; null when none failed.
    private static Exception? Failure(WebApplication app) => app.Services.GetServices<IHostedService>().OfType<BackgroundService>()
        .Where(part => part.ExecuteTask is { IsFaulted: true })
        .Select(part => Explain(part.GetType().Name, part.ExecuteTask!.Exception!.InnerException!))
        .FirstOrDefault();

    private static Exception Explain(string part, Exception failure) =>
        failure is TransportException or IOException ? failure : new IOException($"its part {part} failed: {failure.Message}", failure);

    /// <summary>Stops accepting requests, answers the running ones within 5 seconds with the current state, and stops.</summary>
    public ValueTask DisposeAsync() => new(stopped.Value);

    /// <summary>Lets go of the plans that it runs for callers, while everything still answers: another controller, or the next start, goes on with them.</summary>
    public Task ReleaseRunsAsync() => app.Services.GetRequiredService<DetachedRuns>().ReleaseAsync();

    private async Task StopAsync()
    {
        try
        {
            using CancellationTokenSource timeout = new(TimeSpan.FromSeconds(10));
            await app.StopAsync(timeout.Token);
        }
        finally
        {
            await app.DisposeAsync();
            if (socket is not null)
                File.Delete(socket);
        }
    }

    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
