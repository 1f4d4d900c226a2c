using System.CommandLine;
using Osapi.Agent;
using Osapi.Cli.Connection;
using Osapi.Cli.Hosting;
using Osapi.Cli.Rendering;
using Osapi.Cli.Settings;
using Osapi.Controller;
using Osapi.Hosting;

namespace Osapi.Cli.Commands;

/// <summary>The commands <c>osapi start</c>, <c>osapi controller start</c> and <c>osapi agent start</c>: services that run until they are stopped.</summary>
internal static class StartCommands
{
    public static void AddTo(RootCommand root, ConnectionOptions connection)
    {
        root.Subcommands.Add(Create("Run controller and agent on this machine; nothing else needs to be installed", StartFlags.Both, connection, configuration =>
            RunAsync(configuration, controller: true, agent: true, UsesNats(configuration))));
        root.Subcommands.Add(new("controller", "The controllers of a fleet")
        {
            Create("Run a controller of a fleet", StartFlags.Controller, connection, configuration => RunAsync(configuration, controller: true, agent: false, nats: true)),
            FingerprintCommands.OfController(connection),
            KeyChangeCommands.Create(connection),
        });
        root.Subcommands.Add(new("agent", "The agents of a fleet")
        {
            Create("Run the agent of this host in a fleet", StartFlags.Agent, connection, configuration => RunAsync(configuration, controller: false, agent: true, nats: true)),
            FingerprintCommands.OfAgent(connection),
            AgentConfigCommands.Create(connection),
        });
    }

    private static Command Create(string description, IReadOnlyList<SettingOption> flags, ConnectionOptions connection, Func<Configuration, Task<int>> run)
    {
        ServiceCommand command = new("start", description);
        foreach (var flag in flags)
            command.Options.Add(flag.Option);
        command.SetAction((result, _) =>
        {
            var configuration = connection.Configuration(result, [.. flags]);
            foreach (var warning in configuration.Warnings)
                Terminal.Warn(warning);
            return run(configuration);
        });
        return command;
    }

    private static Task<int> RunAsync(Configuration configuration, bool controller, bool agent, bool nats)
    {
        var options = NodeConfiguration.Read(configuration, controller, agent, nats);
        configuration.Check();
        return ServiceRun.RunAsync(Describe(options), options, node => Announce(options, node));
    }

    private static bool UsesNats(Configuration configuration) =>
        configuration.Get(GeneralSettings.Transport) == "nats" || configuration.Given(NatsSettings.Urls) is { Where: "--nats" };

    private static string Describe(NodeOptions options) => options.Controller is { } controller
        ? $"the {(options.Nats is null ? "system" : "controller")} on {string.Join(", ", controller.Urls.Select(url => url.Authority).DefaultIfEmpty(controller.Socket))} with its state in {options.StateDirectory}"
        : $"the agent with its state in {options.StateDirectory}";

    private static IReadOnlyList<string> Announce(NodeOptions options, OsapiNode node)
    {
        var brokers = options.Nats is { } nats ? string.Join(", ", nats.Urls) : null;
        if (options.Controller is null)
            return [$"osapi {ProductVersion.Text} takes jobs for {options.Agent!.Hostname ?? OsapiAgent.MachineName} from {brokers}"];
        return
        [
            $"osapi {ProductVersion.Text} listens on {string.Join(", ", node.Urls.Append(node.Socket))}{(brokers is null ? "" : $", broker {brokers}")}",
            $"state in {node.StateDirectory}; a token: osapi token generate --roles read --subject you",
        ];
    }
}
