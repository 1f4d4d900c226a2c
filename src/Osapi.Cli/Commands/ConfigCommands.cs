using System.CommandLine;
using Osapi.Cli.Connection;
using Osapi.Cli.Hosting;
using Osapi.Cli.Rendering;
using Osapi.Cli.Settings;

namespace Osapi.Cli.Commands;

/// <summary>The commands <c>osapi config</c>: show the effective configuration with its sources and all its problems, and print a file to start from.</summary>
internal static class ConfigCommands
{
    public static Command Create(ConnectionOptions connection)
    {
        Command check = new("check", "Show the effective configuration with its sources, and report all problems");
        check.SetAction(result => Check(connection.Configuration(result)));
        Command sample = new("sample", "Print a configuration file in which every setting is a comment");
        sample.SetAction(_ =>
        {
            Terminal.Raw(ConfigurationSample.Create(SettingTable.All).TrimEnd('\n'));
            return ExitCode.Ok;
        });
        return new("config", "The configuration of this machine's system") { check, sample };
    }

    private static int Check(Configuration configuration)
    {
        NodeConfiguration.Read(configuration, controller: true, agent: true, nats: true);
        foreach (var warning in configuration.Warnings)
            Terminal.Warn(warning);
        configuration.Check();
        Terminal.Out.Columns(SettingTable.All
            .Select(setting => (setting, given: configuration.Given(setting)))
            .Where(row => row.given is not null)
            .Select(row => (string[])[row.setting.Key, row.setting.IsSecret ? "***" : string.Join(", ", row.given!.Texts.Select(text => text.Text)), Where(row.given!, row.setting)]));
        Terminal.Out.Line($"{configuration.File ?? "no file"}: no problems");
        return ExitCode.Ok;
    }

    // The row already starts with the key.
    private static string Where(SettingValue given, Setting setting) => given.Where.EndsWith($": {setting.Key}", StringComparison.Ordinal) ? given.Where[..^(setting.Key.Length + 2)] : given.Where;
}
