using Osapi.Agent.Jobs;
using Osapi.Agent.Registration;
using Osapi.Cli.Connection;
using Osapi.Cli.Settings;
using Osapi.Controller;
using Osapi.Transport;

namespace Osapi.Cli.Hosting;

/// <summary>The configuration of an agent.</summary>
internal sealed record AgentConfiguration(
    string StateDirectory, string? Hostname, IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> Facts, string? DockerHost, int MaxJobs, ConditionThresholds Conditions)
{
    private static readonly ConditionThresholds Default = new();
    private static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();

    public static AgentConfiguration Read(Configuration configuration) => new(
        LocalSystem.Of(configuration).StateDirectory,
        configuration.Get(AgentSettings.Hostname),
        configuration.Get(AgentSettings.Labels) ?? None,
        configuration.Get(AgentSettings.Facts) ?? None,
        configuration.Get(AgentSettings.DockerHost),
        configuration.Get(AgentSettings.MaxJobs) ?? 10,
        new()
        {
            MemoryPressure = configuration.Get(AgentSettings.MemoryPressure) ?? Default.MemoryPressure,
            HighLoad = configuration.Get(AgentSettings.HighLoad) ?? Default.HighLoad,
            DiskPressure = configuration.Get(AgentSettings.DiskPressure) ?? Default.DiskPressure,
        });

    public AgentOptions Options(ITransport transport) => new()
    {
        Transport = transport,
        LedgerDirectory = Path.Combine(StateDirectory, "ledger"),
        StateDirectory = Path.Combine(StateDirectory, "agent"),
        Hostname = Hostname,
        Labels = Labels,
        CustomFacts = Facts,
        MaxJobs = MaxJobs,
        DockerHost = DockerHost,
        Conditions = Conditions,
        Version = ProductVersion.Text,
    };
}
