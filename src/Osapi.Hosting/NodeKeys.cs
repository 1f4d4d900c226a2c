using Osapi.Agent;
using Osapi.Agent.Enrolment;
using Osapi.Transport;
using Osapi.Transport.Jobs;
using Osapi.Transport.Trust;

namespace Osapi.Hosting;

/// <summary>The keys of a node, and the transports of its parts, which authenticate with them over one carrier.</summary>
internal sealed class NodeKeys(NodeOptions options, SkippedMessages skipped) : IDisposable
{
    private ControllerKeyChain? controllerKeys;
    private AgentKeys? agentKeys;

    /// <summary>The counter of what the transports do not believe.</summary>
    public SkippedMessages Skipped => skipped;

    /// <summary>Creates the transports of a controller and an agent in this process, which trust nobody else.</summary>
    public async Task<(ITransport Controller, ITransport Agent)> WrapEmbeddedAsync(ITransport carrier, CancellationToken cancellationToken)
    {
        controllerKeys = LoadControllerKeys();
        agentKeys = LoadAgentKeys();
        SingleHostKeys hosts = new(options.Agent is null ? null : HostName, agentKeys.Public);
        TrustPolicy policy = new() { Beginning = await TrustBeginning.EstablishAsync(BeginningFile, carrier, controllerKeys.Present, hosts, signsHosts: true, cancellationToken) };
        object process = new();
        return (TrustedTransport.ForController(carrier, controllerKeys, hosts, policy, skipped, process: process),
            TrustedTransport.ForAgent(carrier, new(HostName, agentKeys, controllerKeys.Accepted, static _ => { }), policy, skipped, OsapiAgent.BootClock, process));
    }

    /// <summary>The keys of the enrolled hosts on a broker. The controller reads them from the roster.</summary>
    public HostKeyTable Hosts { get; } = new() { HasHostsWithoutKey = options.Trust.AllowsUnsigned };

    /// <summary>Creates the transport of a controller on a broker.</summary>
    public async Task<ITransport> WrapControllerAsync(ITransport carrier, CancellationToken cancellationToken)
    {
        controllerKeys = LoadControllerKeys();
        TrustPolicy policy = options.Trust.AllowsUnsigned
            ? new() { AllowsUnsigned = true }
            : new() { Beginning = await TrustBeginning.EstablishAsync(BeginningFile, carrier, controllerKeys.Present, Hosts, signsHosts: false, cancellationToken) };
        return TrustedTransport.ForController(carrier, controllerKeys, Hosts, policy, skipped);
    }

    /// <summary>Creates the transport of an enrolled agent on a broker.</summary>
    public ITransport WrapAgent(ITransport carrier, EnrolledAgent agent) =>
        TrustedTransport.ForAgent(carrier, agent.Trust, new() { AllowsUnsigned = options.Trust.AllowsUnsigned }, skipped, OsapiAgent.BootClock);

    public void Dispose()
    {
        controllerKeys?.Dispose();
        agentKeys?.Dispose();
    }

    private string HostName => HostKey.Of(options.Agent?.Hostname ?? OsapiAgent.MachineName);

    private string BeginningFile => Path.Join(options.StateDirectory, TrustBeginning.FileName);

    private ControllerKeyChain LoadControllerKeys() => ControllerKeyChain.Load(options.Trust.ControllerKeyFile ?? Path.Join(options.StateDirectory, ControllerKeys.FileName));

    private AgentKeys LoadAgentKeys() => AgentKeys.LoadOrCreate(Path.Join(options.StateDirectory, AgentKeys.FileName));
}
