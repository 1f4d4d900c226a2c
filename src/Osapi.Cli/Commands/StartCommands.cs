using System.CommandLine;
using Microsoft.Extensions.Logging;
using Osapi.Agent;
using Osapi.Cli.Connection;
using Osapi.Cli.Hosting;
using Osapi.Cli.Logging;
using Osapi.Cli.Rendering;
using Osapi.Cli.Settings;
using Osapi.Controller;
using Osapi.Embedded;

namespace Osapi.Cli.Commands;

/// <summary>The commands <c>osapi start</c>, <c>osapi controller start</c> and <c>osapi agent start</c>: services that run until they are stopped.</summary>
internal static class StartCommands
{
    public static void AddTo(RootCommand root, ConnectionOptions connection)
    {
        root.Subcommands.Add(Create("Run controller and agent on this machine, with nothing else installed", StartFlags.Both, connection, configuration =>
            configuration.Get(GeneralSettings.Transport) == "nats" || configuration.Given(NatsSettings.Urls) is { Where: "--nats" } ? RunFleetAsync(configuration, controls: true, acts: true) : RunEmbeddedAsync(configuration)));
        root.Subcommands.Add(new("controller", "The controllers of a fleet")
        {
            Create("Run a controller of a fleet", StartFlags.Controller, connection, configuration => RunFleetAsync(configuration, controls: true, acts: false)),
        });
        root.Subcommands.Add(new("agent", "The agents of a fleet")
        {
            Create("Run the agent of this host in a fleet", StartFlags.Agent, connection, configuration => RunFleetAsync(configuration, controls: false, acts: true)),
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
            foreach (var remark in configuration.Warnings)
                Terminal.Warn(remark);
            return run(configuration);
        });
        return command;
    }

    private static Task<int> RunEmbeddedAsync(Configuration configuration)
    {
        var controller = ControllerConfiguration.Read(configuration);
        var agent = AgentConfiguration.Read(configuration);
        configuration.Check();
        EmbeddedSystemOptions options = new()
        {
            StateDirectory = controller.Local.StateDirectory,
            Urls = controller.Urls,
            Tls = controller.Tls,
            Socket = controller.Local.Socket,
            SigningKeyFile = controller.Local.SigningKey,
            MaxRequestBytes = controller.MaxRequestBytes,
            MaxUploadBytes = controller.MaxUploadBytes,
            Limits = controller.Limits,
            KeepJobs = controller.KeepJobs,
            KeepAtMost = controller.KeepAtMost,
            Hostname = agent.Hostname,
            Labels = agent.Labels,
            CustomFacts = agent.Facts,
            MaxJobs = agent.MaxJobs,
            DockerHost = agent.DockerHost,
            Conditions = agent.Conditions,
            KeepAgents = controller.KeepAgents,
            Logging = Logging(configuration),
        };
        return ServiceRun.RunAsync(
            $"the system on {Addresses(controller)} with its state in {options.StateDirectory}",
            token => EmbeddedSystem.StartAsync(options, token),
            system => system.WaitForShutdownAsync(CancellationToken.None),
            system => [$"osapi {ProductVersion.Text} listens on {string.Join(", ", system.Urls.Append(system.Socket))}", StateLine(system.StateDirectory)],
            options.Logging);
    }

    private static Task<int> RunFleetAsync(Configuration configuration, bool controls, bool acts)
    {
        var controller = controls ? ControllerConfiguration.Read(configuration) : null;
        var agent = acts ? AgentConfiguration.Read(configuration) : null;
        var broker = BrokerConfiguration.Read(configuration, createsStreams: controls);
        configuration.Check();
        var brokers = string.Join(", ", broker.Urls);
        var listens = controller is null ? null : $"the controller on {Addresses(controller)} with its state in {controller.Local.StateDirectory}";
        return ServiceRun.RunAsync(
            listens ?? $"the agent with its state in {agent!.StateDirectory}",
            token => FleetSystem.StartAsync(broker, controller, agent, Logging(configuration), token),
            system => system.EndAsync(),
            system => controller is null
                ? [$"osapi {ProductVersion.Text} takes jobs for {agent!.Hostname ?? OsapiAgent.MachineName} from {brokers}"]
                : [$"osapi {ProductVersion.Text} listens on {string.Join(", ", system.Urls.Append(controller.Local.Socket))}, broker {brokers}", StateLine(controller.Local.StateDirectory)],
            Logging(configuration));
    }

    private static Action<ILoggingBuilder> Logging(Configuration configuration) =>
        ServiceLogging.From(configuration.Get(GeneralSettings.LogLevel) is { } level ? Enum.Parse<LogLevel>(level, ignoreCase: true) : LogLevel.Information);

    private static string Addresses(ControllerConfiguration controller) => string.Join(", ", controller.Urls.Select(url => url.Authority).DefaultIfEmpty(controller.Local.Socket));

    private static string StateLine(string directory) => $"state in {directory}; a token: osapi token generate --roles read --subject you";
}
