using Osapi.Agent.Jobs;
using Osapi.Agent.Registration;
using Osapi.Cli.Connection;
using Osapi.Cli.Settings;
using Osapi.Controller;
using Osapi.Transport;

namespace Osapi.Cli.Starting;

/// <summary>How an agent is set up.</summary>
internal sealed record AgentSetup(
    string StateDirectory, string? Hostname, IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> Facts, string? DockerHost, int MaxJobs, ConditionThresholds Conditions)
{
    private static readonly ConditionThresholds Usual = new();
    private static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();

    public static AgentSetup Read(Configuration configuration) => new(
        LocalSystem.Of(configuration).StateDirectory,
        configuration.Get(AgentSettings.Hostname),
        configuration.Get(AgentSettings.Labels) ?? None,
        configuration.Get(AgentSettings.Facts) ?? None,
        configuration.Get(AgentSettings.DockerHost),
        configuration.Get(AgentSettings.MaxJobs) ?? 10,
        new()
        {
            MemoryPressure = configuration.Get(AgentSettings.MemoryPressure) ?? Usual.MemoryPressure,
            HighLoad = configuration.Get(AgentSettings.HighLoad) ?? Usual.HighLoad,
            DiskPressure = configuration.Get(AgentSettings.DiskPressure) ?? Usual.DiskPressure,
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
