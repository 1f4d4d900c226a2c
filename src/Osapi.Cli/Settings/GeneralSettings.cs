using Microsoft.Extensions.Logging;

namespace Osapi.Cli.Settings;

/// <summary>The settings that all parts of the system share.</summary>
internal static class GeneralSettings
{
    public static IReadOnlyList<string> LevelNames { get; } = [.. Enum.GetNames<LogLevel>().Select(name => name.ToLowerInvariant())];

    public static Setting<string> StateDirectory { get; } = new("state_dir", SettingReaders.One(SettingTexts.Path))
    {
        Summary = "The directory of durable files: a controller's key and read model, an agent's ledger; used by at most one controller and one agent at a time",
        Default = "`/var/lib/osapi` for root, else `~/.local/state/osapi`",
        Sample = "/var/lib/osapi",
        Range = "a directory",
        ApplyToNode = (node, value) => node with { StateDirectory = value },
    };

    public static Setting<string> Transport { get; } = new("transport", SettingReaders.One(SettingReaders.Choice(["embedded", "nats"])))
    {
        Summary = "The transport of `osapi start`; `controller start` and `agent start` always use NATS",
        Default = "`embedded`",
        Range = "`embedded`, `nats`",
    };

    public static Setting<string> LogLevel { get; } = new("logging.level", SettingReaders.One(SettingReaders.Choice(LevelNames)))
    {
        Summary = "Minimum level of log messages, which go to standard error",
        Default = "`information`",
        Range = "`trace`, `debug`, `information`, `warning`, `error`, `critical`, `none`",
    };

    public static Setting<string> LogFormat { get; } = new("logging.format", SettingReaders.One(SettingReaders.Choice(["text", "json"])))
    {
        Summary = "Format of log messages: a line of text, or a line with a JSON object",
        Default = "`text`",
        Range = "`text`, `json`",
    };

    public static IReadOnlyList<Setting> All => [StateDirectory, Transport, LogLevel, LogFormat];
}
