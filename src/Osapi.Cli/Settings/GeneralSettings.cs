using Microsoft.Extensions.Logging;

namespace Osapi.Cli.Settings;

/// <summary>The settings that all parts of the system share.</summary>
internal static class GeneralSettings
{
    public static IReadOnlyList<string> LevelNames { get; } = [.. Enum.GetNames<LogLevel>().Select(name => name.ToLowerInvariant())];

    public static Setting<string> StateDirectory { get; } = new("state_dir", SettingReaders.One(SettingTexts.Path))
    {
        Summary = "Where everything is kept that must not be forgotten: key and read model of a controller, ledger of an agent; one of each at a time",
        Default = "`/var/lib/osapi` for root, else `~/.local/state/osapi`",
        Range = "a directory",
        ApplyToNode = (node, value) => node with { StateDirectory = value },
    };

    public static Setting<string> Transport { get; } = new("transport", SettingReaders.One(SettingReaders.Choice(["embedded", "nats"])))
    {
        Summary = "What `osapi start` carries jobs with; `controller start` and `agent start` always use NATS",
        Default = "`embedded`",
        Range = "`embedded`, `nats`",
    };

    public static Setting<string> LogLevel { get; } = new("logging.level", SettingReaders.One(SettingReaders.Choice(LevelNames)))
    {
        Summary = "What is logged, to standard error",
        Default = "`information`",
        Range = "`trace`, `debug`, `information`, `warning`, `error`, `critical`, `none`",
    };

    public static Setting<string> LogFormat { get; } = new("logging.format", SettingReaders.One(SettingReaders.Choice(["text", "json"])))
    {
        Summary = "How it is logged: a line of text, or a JSON object on a line, for each message",
        Default = "`text`",
        Range = "`text`, `json`",
    };

    public static IReadOnlyList<Setting> All => [StateDirectory, Transport, LogLevel, LogFormat];
}
