using System.CommandLine;
using Osapi.Cli.Settings;

namespace Osapi.Cli.Commands;

/// <summary>The options of the start commands. Each sets a setting; all take text, so that all problems can be reported at once.</summary>
internal static class StartFlags
{
    private static readonly Option<string[]> Listen = new("--listen") { Description = "An address to listen on; repeatable, port 0 for any free one; http://127.0.0.1:8080 when not given", HelpName = "http://ip:port" };
    private static readonly Option<string?> Hostname = new("--hostname") { Description = "The agent's name; the machine's when not given", HelpName = "name" };
    private static readonly Option<string[]> Labels = new("--label") { Description = "A label of the agent; repeatable", HelpName = "key=value" };
    private static readonly Option<string?> MaxJobs = new("--max-jobs") { Description = "How many jobs run at once (1 to 1000); 10 when not given", HelpName = "number" };
    private static readonly Option<string[]> Nats = new("--nats") { Description = "A server of the broker; repeatable; nats://127.0.0.1:4222 when not given", HelpName = "nats://host:port" };
    private static readonly Option<string?> Level = new("--log-level") { Description = $"What is logged, to standard error: {string.Join(", ", GeneralSettings.LevelNames)}; information when not given", HelpName = "level" };

    public static IReadOnlyList<SettingOption> Controller { get; } = [new(Listen, ControllerSettings.Listen), new(Nats, NatsSettings.Urls), new(Level, GeneralSettings.LogLevel)];

    public static IReadOnlyList<SettingOption> Agent { get; } =
        [new(Hostname, AgentSettings.Hostname), new(Labels, AgentSettings.Labels), new(MaxJobs, AgentSettings.MaxJobs), new(Nats, NatsSettings.Urls), new(Level, GeneralSettings.LogLevel)];

    public static IReadOnlyList<SettingOption> Both { get; } =
    [
        new(Listen, ControllerSettings.Listen), new(Hostname, AgentSettings.Hostname), new(Labels, AgentSettings.Labels), new(MaxJobs, AgentSettings.MaxJobs),
        new(Nats, NatsSettings.Urls), new(Level, GeneralSettings.LogLevel),
    ];

}
