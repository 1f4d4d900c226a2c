using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Osapi.Agent;
using Osapi.Agent.Jobs;
using Osapi.Transport;
using Osapi.Transport.Embedded;
using Osapi.Transport.Nats;
using Osapi.Transport.Trust;

namespace Osapi.Controller.Tests;

/// <summary>
/// The parts of a real system, with their state in a directory of its own. Those that still run at the end of the test
/// are stopped in reverse order.
/// </summary>
internal sealed class SystemParts : IAsyncDisposable
{
    private readonly CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly List<IAsyncDisposable> parts = [];

    public SystemParts(TimeSpan limit) => this.limit.CancelAfter(limit);

    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("osapi-system-").FullName;

    /// <summary>The token that is cancelled at the end of the test, or after its time limit.</summary>
    public CancellationToken Token => limit.Token;

    public T Keep<T>(T part)
        where T : IAsyncDisposable
    {
        parts.Add(part);
        return part;
    }

    /// <summary>Stops a part before the others.</summary>
    public async Task StopAsync(IAsyncDisposable part)
    {
        parts.Remove(part);
        await part.DisposeAsync();
    }

    public async Task<ITransport> OpenStoreAsync() => Keep(await EmbeddedTransport.OpenAsync(new() { Directory = StateOf("state") }, Token));

    public async Task<ITransport> ConnectAsync(NatsOptions options) => Keep(await NatsTransport.ConnectAsync(options, Token));

    /// <summary>Starts a controller on a free port.</summary>
    public async Task<RunningController> StartControllerAsync(ITransport transport, string name = "", Logs? logs = null, LogLevel level = LogLevel.Information, Func<ControllerOptions, ControllerOptions>? with = null)
    {
        logs ??= new();
        System.IO.Directory.CreateDirectory(StateOf(name));
        // All controllers of a system have the same key, unless the test gave this one its own.
        var hasOwnKey = File.Exists(Path.Combine(StateOf(name), ControllerKeys.FileName));
        ControllerOptions options = new() { Urls = [new("http://127.0.0.1:0")], KeyFile = hasOwnKey ? null : Path.Combine(Directory, ControllerKeys.FileName) };
        var controller = await OsapiController.StartAsync(
            new() { Transport = transport, StateDirectory = StateOf(name) }, with?.Invoke(options) ?? options, logging => logging.SetMinimumLevel(level).AddProvider(logs), Token);
        return Keep(new RunningController(controller, AdminToken.Of(StateOf(name)), logs));
    }

    public async Task<OsapiAgent> StartAgentAsync(ITransport transport, AgentOptions options, string name = "", ILogger? logger = null) =>
        Keep(await OsapiAgent.StartAsync(new() { Transport = transport, StateDirectory = StateOf(name) }, options, logger ?? NullLogger.Instance, Token));

    /// <summary>Gets the state directory of a part.</summary>
    public string StateOf(string name) => Path.Combine(Directory, name);

    public async ValueTask DisposeAsync()
    {
        foreach (var part in Enumerable.Reverse(parts))
            await part.DisposeAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
        limit.Dispose();
    }
}
