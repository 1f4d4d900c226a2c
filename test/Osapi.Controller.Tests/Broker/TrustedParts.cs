using Osapi.Agent;
using Osapi.Transport;
using Osapi.Transport.Jobs;
using Osapi.Transport.Tests.Nats;
using Osapi.Transport.Trust;

namespace Osapi.Controller.Tests.Broker;

/// <summary>Controllers and enrolled agents on a real broker, none of which believes anything unsigned.</summary>
internal sealed class TrustedParts(SystemParts parts, NatsServer server) : IDisposable
{
    private readonly Dictionary<string, AgentKeys> agentKeys = [];

    public ControllerKeys Keys { get; } = ControllerKeys.Create();

    public HostKeyTable Hosts { get; } = new();

    /// <summary>The log lines of the transports and the agents.</summary>
    public Logs Logs { get; } = new();

    /// <summary>Connects as anybody who has an account of the broker.</summary>
    public Task<ITransport> ConnectAsync() => parts.ConnectAsync(new() { Urls = [server.Url] });

    /// <summary>Gets the transport of a controller.</summary>
    public async Task<ITransport> ControllerTransportAsync() => parts.Keep(TrustedTransport.ForController(await ConnectAsync(), new(Keys), Hosts, new(), Skipped()));

    /// <summary>Gets the transport of an agent, whose host is enrolled.</summary>
    public async Task<ITransport> AgentTransportAsync(string name, bool allowsUnsigned = false)
    {
        if (!agentKeys.TryGetValue(name, out var keys))
            agentKeys[name] = keys = AgentKeys.Create();
        Hosts.Set(new(HostKey.Of(name), keys.Public));
        return parts.Keep(TrustedTransport.ForAgent(await ConnectAsync(), new(HostKey.Of(name), keys, [Keys.Public], static _ => { }), new() { AllowsUnsigned = allowsUnsigned }, Skipped(), OsapiAgent.BootClock));
    }

    public async Task<RunningController> StartControllerAsync(string name = "controller") => await parts.StartControllerAsync(await ControllerTransportAsync(), name);

    public async Task<OsapiAgent> StartAgentAsync(string name) =>
        await parts.StartAgentAsync(await AgentTransportAsync(name), new() { Hostname = name }, name, Logs.CreateLogger("agent"));

    public void Dispose()
    {
        Keys.Dispose();
        foreach (var keys in agentKeys.Values)
            keys.Dispose();
    }

    private SkippedMessages Skipped() => new(Logs.CreateLogger("trust"), TimeProvider.System);
}
