using Osapi.Agent.Jobs;
using Osapi.Cli.Settings;

namespace Osapi.Cli.Hosting;

/// <summary>Checks the settings of an agent that depend on each other, and loads the file that they name.</summary>
internal static class AgentChecks
{
    /// <summary>Adds the join token from its file to the options, and each mistake to the configuration's problems.</summary>
    public static AgentOptions Complete(AgentOptions options, Configuration configuration)
    {
        if (configuration.Given(AgentSettings.JoinToken) is not null && configuration.Given(AgentSettings.JoinTokenFile) is not null)
            configuration.Add(AgentSettings.JoinTokenFile, $"conflicts with {configuration.Name(AgentSettings.JoinToken)}: only one join token may be given");
        if (SettingPairs.PrivateFile(configuration, AgentSettings.JoinTokenFile) is not { } file)
            return options;
        var (token, problem) = SettingTexts.JoinToken(File.ReadAllText(file));
        if (problem is not null)
            configuration.Add(AgentSettings.JoinTokenFile, $"{file} {problem}");
        return options with { JoinToken = options.JoinToken ?? token };
    }
}
