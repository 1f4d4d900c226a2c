using System.CommandLine;
using Osapi.Cli.Connection;
using Osapi.Cli.Hosting;
using Osapi.Cli.Rendering;
using Osapi.Cli.Settings;

namespace Osapi.Cli.Commands;

/// <summary><c>osapi config check</c>: what is configured, from where, and everything that is wrong with it.</summary>
internal static class ConfigCommands
{
    public static Command Create(ConnectionOptions connection)
    {
        Command check = new("check", "Say what is configured, from where, and everything that is wrong with it");
        check.SetAction(result => Check(connection.Configuration(result)));
        return new("config", "The configuration of this machine's system") { check };
    }

    private static int Check(Configuration configuration)
    {
        NodeConfiguration.Read(configuration, controller: true, agent: true, nats: true);
        foreach (var remark in configuration.Warnings)
            Terminal.Warn(remark);
        configuration.Check();
        Terminal.Out.Columns(SettingTable.All
            .Select(setting => (setting, given: configuration.Given(setting)))
            .Where(row => row.given is not null)
            .Select(row => (string[])[row.setting.Key, row.setting.IsSecret ? "***" : string.Join(", ", row.given!.Texts.Select(text => text.Text)), Where(row.given!, row.setting)]));
        Terminal.Out.Line($"{configuration.File ?? "no file"}: nothing is wrong");
        return ExitCode.Ok;
    }

    // The key is in front of the row already.
    private static string Where(SettingValue given, Setting setting) => given.Where.EndsWith($": {setting.Key}", StringComparison.Ordinal) ? given.Where[..^(setting.Key.Length + 2)] : given.Where;
}
