using Osapi.Agent;
using Osapi.Transport;
using Osapi.Transport.Jobs;
using Osapi.Transport.Trust;

namespace Osapi.Hosting;

/// <summary>The keys of a node, and the transports of its parts, which authenticate with them over one carrier.</summary>
internal sealed class NodeKeys(NodeOptions options, SkippedMessages skipped) : IDisposable
{
    private ControllerKeys? controllerKeys;

    /// <summary>Creates the transports of a controller and an agent in this process, which trust nobody else.</summary>
    public async Task<(ITransport Controller, ITransport Agent)> WrapEmbeddedAsync(ITransport carrier, CancellationToken cancellationToken)
    {
        controllerKeys = LoadControllerKeys();
        using var agentKeys = LoadAgentKeys();
        SingleHostKeys hosts = new(options.Agent is null ? null : HostName, agentKeys.Public);
        TrustPolicy policy = new() { Beginning = await TrustBeginning.EstablishAsync(BeginningFile, carrier, controllerKeys, hosts, signsHosts: true, cancellationToken) };
        return (TrustedTransport.ForController(carrier, controllerKeys, hosts, policy, skipped),
            TrustedTransport.ForAgent(carrier, agentKeys.DeriveHostSecret(HostName, controllerKeys.Public), controllerKeys.Public, policy, skipped));
    }

    /// <summary>Creates the transports of a controller and an agent on a broker.</summary>
    public async Task<(ITransport Controller, ITransport Agent)> WrapAsync(ITransport carrier, CancellationToken cancellationToken)
    {
        TrustPolicy policy = new() { AllowsUnsigned = options.Trust.AllowsUnsigned };
        var (controller, agent) = (carrier, carrier);
        if (options.Controller is not null)
        {
            controllerKeys = LoadControllerKeys();
            var hosts = options.Trust.HostKeys ?? new HostKeyTable { HasHostsWithoutKey = true };
            var own = policy.AllowsUnsigned ? policy : policy with { Beginning = await TrustBeginning.EstablishAsync(BeginningFile, carrier, controllerKeys, hosts, signsHosts: false, cancellationToken) };
            controller = TrustedTransport.ForController(carrier, controllerKeys, hosts, own, skipped);
        }

        if (options.Agent is not null && options.Trust.ControllerKey is { } pinned)
        {
            using var agentKeys = LoadAgentKeys();
            agent = TrustedTransport.ForAgent(carrier, agentKeys.DeriveHostSecret(HostName, pinned), pinned, policy, skipped);
        }
        else if (options.Agent is not null && !policy.AllowsUnsigned)
        {
            throw new ArgumentException("An agent that refuses unsigned messages needs the controllers' key.");
        }

        return (controller, agent);
    }

    public void Dispose() => controllerKeys?.Dispose();

    private string HostName => HostKey.Of(options.Agent?.Hostname ?? OsapiAgent.MachineName);

    private string BeginningFile => Path.Join(options.StateDirectory, TrustBeginning.FileName);

    private ControllerKeys LoadControllerKeys() => ControllerKeys.LoadOrCreate(options.Trust.ControllerKeyFile ?? Path.Join(options.StateDirectory, ControllerKeys.FileName));

    private AgentKeys LoadAgentKeys() => AgentKeys.LoadOrCreate(Path.Join(options.StateDirectory, AgentKeys.FileName));
}
