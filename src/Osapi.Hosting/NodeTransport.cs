using Microsoft.Extensions.Logging;
using Osapi.Agent;
using Osapi.Agent.Enrolment;
using Osapi.Controller;
using Osapi.Transport;
using Osapi.Transport.Embedded;
using Osapi.Transport.Jobs;
using Osapi.Transport.Nats;

namespace Osapi.Hosting;

/// <summary>The transport of a node, opened according to its options.</summary>
/// <param name="Controller">The transport of the controller, which signs as one.</param>
/// <param name="Agent">The transport of the agent, which signs as its host; on a broker the one of an agent that is not enrolled, which signs nothing.</param>
/// <param name="Keys">The node's keys.</param>
/// <param name="WasUnavailableAtStart">True when the broker could not be reached at first; other nodes may then still be reconnecting.</param>
internal sealed record NodeTransport(ITransport Controller, ITransport Agent, NodeKeys Keys, bool WasUnavailableAtStart) : IAsyncDisposable
{
    private ITransport? enrolled;

    /// <summary>Gets the transport of an agent on a broker that is enrolled.</summary>
    public ITransport OfEnrolled(EnrolledAgent agent) => enrolled = Keys.WrapAgent(Agent, agent);

    /// <summary>Opens the store in the node's state directory, and removes the agents of earlier runs.</summary>
    public static async Task<NodeTransport> OpenEmbeddedAsync(NodeOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        EmbeddedOptions embedded = new() { Directory = options.StateDirectory, TimeProvider = options.Time, Logger = logger };
        if (options.Controller is { } controller)
            embedded = embedded with { KeepJobs = controller.KeepJobs, KeepResults = controller.KeepJobs };
        var transport = await EmbeddedTransport.OpenAsync(embedded, cancellationToken);
        NodeKeys keys = new(options, new(logger, options.Time));
        try
        {
            var (ofController, ofAgent) = await keys.WrapEmbeddedAsync(transport, cancellationToken);
            await ForgetAsync(ofController, options.Agent is { } agent ? agent.Hostname ?? OsapiAgent.MachineName : null, cancellationToken);
            return new(ofController, ofAgent, keys, WasUnavailableAtStart: false);
        }
        catch
        {
            await transport.DisposeAsync();
            keys.Dispose();
            throw;
        }
    }

    /// <summary>Connects to the broker; waits for it without a time limit.</summary>
    public static async Task<NodeTransport> ConnectAsync(NodeOptions options, NatsOptions nats, ILogger logger, CancellationToken cancellationToken)
    {
        nats = nats with { CreateStreams = options.Controller is not null, TimeProvider = options.Time, Logger = logger };
        if (options.Controller is { } controller)
            nats = nats with { KeepJobs = controller.KeepJobs, SeenStreams = OsapiController.HasSeenStore(options.StateDirectory) };
        var transport = await NatsTransport.ConnectAsync(nats, cancellationToken);
        NodeKeys keys = new(options, new(logger, options.Time));
        try
        {
            var ofController = options.Controller is null ? transport : await keys.WrapControllerAsync(transport, cancellationToken);
            return new(ofController, transport, keys, transport.WasUnavailableAtStart);
        }
        catch
        {
            await transport.DisposeAsync();
            keys.Dispose();
            throw;
        }
    }

    // Both use one carrier, which the first closes.
    public async ValueTask DisposeAsync()
    {
        await (enrolled ?? Agent).DisposeAsync();
        await Controller.DisposeAsync();
        Keys.Dispose();
    }

    // The agents in the store registered in an earlier run. This node's agent keeps its record, for example its drain; agents with
    // other names will not return.
    private static async Task ForgetAsync(ITransport transport, string? hostname, CancellationToken cancellationToken)
    {
        foreach (var host in await transport.Hosts.ListAsync(cancellationToken))
            if (hostname is null || host.Key != HostKey.Of(hostname))
                await transport.Hosts.DeleteAsync(host.Key, cancellationToken);
            else
                await HostRecords.ChangeAsync(transport, host.Key, known => known is null ? null : known with { StoppedAt = known.StoppedAt ?? transport.ServerNow }, cancellationToken);
    }
}
