using Osapi.Cli.Connection;
using Osapi.Cli.Logging;
using Osapi.Cli.Settings;
using Osapi.Hosting;

namespace Osapi.Cli.Hosting;

/// <summary>Creates the options of a node from the configuration: the defaults of the product, then each given setting.</summary>
internal static class NodeConfiguration
{
    private static readonly IReadOnlyList<Uri> DefaultUrls = [new("http://127.0.0.1:8080")];

    private static readonly IReadOnlyList<string> DefaultBrokers = ["nats://127.0.0.1:4222"];

    /// <summary>Reads the options of a node with these parts; each mistake becomes a problem of the configuration.</summary>
    public static NodeOptions Read(Configuration configuration, bool controller, bool agent, bool nats)
    {
        NodeOptions options = new()
        {
            StateDirectory = StateDirectory.Default(),
            Controller = controller ? new() { Urls = DefaultUrls } : null,
            Agent = agent ? new() : null,
            Nats = nats ? new() { Urls = DefaultBrokers } : null,
            Logging = ServiceLogging.From(configuration),
        };
        options = SettingTable.All.Aggregate(options, (made, setting) => setting.Apply(made, configuration));
        return options with
        {
            Controller = options.Controller is { } listening ? ControllerChecks.Complete(listening, configuration) : null,
            Agent = options.Agent is { } working ? AgentChecks.Complete(working, configuration) : null,
            Nats = options.Nats is { } broker ? NatsChecks.Complete(broker, configuration) : null,
        };
    }
}
