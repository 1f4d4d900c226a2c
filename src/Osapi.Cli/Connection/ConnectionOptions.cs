using System.Collections;
using System.CommandLine;
using Osapi.Cli.Settings;

namespace Osapi.Cli.Connection;

/// <summary>The options that every command has: which controller it talks to, and where this machine's own system is.</summary>
internal sealed class ConnectionOptions
{
    private readonly Option<string?> url = new("--url")
    {
        Description = "The controller; else OSAPI_URL, the configuration file, this machine's own osapi start, or a system made for this one command",
        Recursive = true,
    };

    private readonly Option<string?> token = new("--token") { Description = "The bearer token; else OSAPI_TOKEN or the configuration file", Recursive = true };

    private readonly Option<string?> config = new("--config") { Description = "The configuration file; else OSAPI_CONFIG or /etc/osapi/osapi.yaml", Recursive = true };

    private readonly Option<string?> stateDir = new("--state-dir") { Description = "Where this machine's own system keeps its state; else OSAPI_STATE_DIR", Recursive = true };

    public void AddTo(Command command)
    {
        command.Options.Add(url);
        command.Options.Add(token);
        command.Options.Add(config);
        command.Options.Add(stateDir);
    }

    /// <summary>Which controller a command talks to.</summary>
    public ConnectionSettings Read(ParseResult result, List<string> problems) => ConnectionSettings.Make(Configuration(result), problems);

    /// <summary>Everything that was configured, with the options of a command that are settings, too.</summary>
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
