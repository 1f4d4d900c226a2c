using System.CommandLine;
using Osapi.Cli.Settings;

namespace Osapi.Cli.Commands;

/// <summary>The options of the start commands. Each sets a setting; all take text, so that all problems can be reported at once.</summary>
internal static class StartFlags
{
    private static readonly Option<string[]> Listen = new("--listen") { Description = "An address to listen on; repeatable; port 0 chooses a free port; default: http://127.0.0.1:8080", HelpName = "http://ip:port" };
    private static readonly Option<string?> Hostname = new("--hostname") { Description = "The agent's name; default: the machine's hostname", HelpName = "name" };
    private static readonly Option<string[]> Labels = new("--label") { Description = "A label of the agent; repeatable", HelpName = "key=value" };
    private static readonly Option<string?> MaxJobs = new("--max-jobs") { Description = "Maximum number of jobs that run at the same time (1 to 1000); default: 10", HelpName = "number" };
    private static readonly Option<string[]> Nats = new("--nats") { Description = "A server of the broker; repeatable; default: nats://127.0.0.1:4222", HelpName = "nats://host:port" };
    private static readonly Option<string?> Level = new("--log-level") { Description = $"The minimum level of log messages, which go to standard error: {string.Join(", ", GeneralSettings.LevelNames)}; default: information", HelpName = "level" };

    public static IReadOnlyList<SettingOption> Controller { get; } = [new(Listen, ControllerSettings.Listen), new(Nats, NatsSettings.Urls), new(Level, GeneralSettings.LogLevel)];

    public static IReadOnlyList<SettingOption> Agent { get; } =
        [new(Hostname, AgentSettings.Hostname), new(Labels, AgentSettings.Labels), new(MaxJobs, AgentSettings.MaxJobs), new(Nats, NatsSettings.Urls), new(Level, GeneralSettings.LogLevel)];

    public static IReadOnlyList<SettingOption> Both { get; } =
    [
        new(Listen, ControllerSettings.Listen), new(Hostname, AgentSettings.Hostname), new(Labels, AgentSettings.Labels), new(MaxJobs, AgentSettings.MaxJobs),
        new(Nats, NatsSettings.Urls), new(Level, GeneralSettings.LogLevel),
    ];

}
