using Osapi.Agent.Jobs;
using Osapi.Cli.Connection;
using Osapi.Cli.Settings;
using Osapi.Controller;
using Osapi.Transport;

namespace Osapi.Cli.Starting;

/// <summary>How an agent is set up.</summary>
internal sealed record AgentSetup(string StateDirectory, string? Hostname, IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> Facts, int MaxJobs)
{
    private static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();

    public static AgentSetup Read(Configuration configuration) => new(
        LocalSystem.Of(configuration).StateDirectory,
        configuration.Get(AgentSettings.Hostname),
        configuration.Get(AgentSettings.Labels) ?? None,
        configuration.Get(AgentSettings.Facts) ?? None,
        configuration.Get(AgentSettings.MaxJobs) ?? 10);

    public AgentOptions Options(ITransport transport) => new()
    {
        Transport = transport,
        LedgerDirectory = Path.Combine(StateDirectory, "ledger"),
        StateDirectory = Path.Combine(StateDirectory, "agent"),
        Hostname = Hostname,
        Labels = Labels,
        CustomFacts = Facts,
        MaxJobs = MaxJobs,
        Version = ProductVersion.Text,
    };
}
