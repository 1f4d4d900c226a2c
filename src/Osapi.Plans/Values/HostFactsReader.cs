using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Client;
using Osapi.Operations.Agents;
using Osapi.Operations.Facts;

namespace Osapi.Plans.Values;

/// <summary>Reads the facts of all hosts from the controller's records, once for a run.</summary>
internal static class HostFactsReader
{
    public static async Task<IReadOnlyDictionary<string, JsonObject>> ReadAsync(OsapiClient client, CancellationToken cancellationToken)
    {
        var list = await client.Agent.ListAsync(cancellationToken: cancellationToken);
        return list.Agents.DistinctBy(agent => agent.Hostname).ToDictionary(agent => agent.Hostname, FactsOf);
    }

    private static JsonObject FactsOf(AgentDetail agent) => JsonSerializer.SerializeToNode(
        new HostFacts
        {
            Hostname = agent.Hostname,
            Fqdn = agent.Fqdn,
            OsInfo = agent.OsInfo,
            KernelVersion = agent.KernelVersion,
            Architecture = agent.Architecture,
            CpuCount = agent.CpuCount,
            MemoryTotal = agent.Memory?.Total,
            PrimaryInterface = agent.PrimaryInterface,
            ServiceMgr = agent.ServiceMgr,
            PackageMgr = agent.PackageMgr,
            Container = agent.Container,
            Interfaces = agent.Interfaces,
            Routes = agent.Routes,
            Facts = agent.Facts,
        },
        HostFacts.Json)!.AsObject();
}
