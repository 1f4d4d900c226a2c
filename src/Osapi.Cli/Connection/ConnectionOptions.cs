using System.Collections;
using System.CommandLine;
using Osapi.Cli.Settings;

namespace Osapi.Cli.Connection;

/// <summary>The options of every command: the controller to connect to, and the location of this machine's system.</summary>
internal sealed class ConnectionOptions
{
    private readonly Option<string?> url = new("--url")
    {
        Description = "The address of the controller; default: OSAPI_URL, the configuration file, the running osapi start of this machine, or a system that is started for this command only",
        Recursive = true,
    };

    private readonly Option<string?> token = new("--token") { Description = "The bearer token; default: OSAPI_TOKEN or the configuration file", Recursive = true };

    private readonly Option<string?> config = new("--config") { Description = "The configuration file; default: OSAPI_CONFIG or /etc/osapi/osapi.yaml", Recursive = true };

    private readonly Option<string?> stateDir = new("--state-dir") { Description = "The state directory of this machine's system; default: OSAPI_STATE_DIR", Recursive = true };

    public void AddTo(Command command)
    {
        command.Options.Add(url);
        command.Options.Add(token);
        command.Options.Add(config);
        command.Options.Add(stateDir);
    }

    /// <summary>Reads the connection settings of a command.</summary>
    public ConnectionSettings Read(ParseResult result, List<string> problems) => ConnectionSettings.Make(Configuration(result), problems);

    /// <summary>Reads the configuration, including the options of a command that are settings.</summary>
    public Configuration Configuration(ParseResult result, params ReadOnlySpan<SettingOption> options)
    {
        Dictionary<Setting, SettingValue> given = [];
        foreach (var option in (ReadOnlySpan<SettingOption>)[new(url, ClientSettings.Url), new(token, ClientSettings.BearerToken), new(stateDir, GeneralSettings.StateDirectory), .. options])
            if (option.Read(result) is { } texts)
                given[option.Setting] = texts;
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "");
        return Settings.Configuration.Read(given, result.GetValue(config), environment);
    }
}
