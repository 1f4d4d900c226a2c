using System.CommandLine;

namespace Osapi.Cli.Connection;

/// <summary>The options that say which controller a command talks to.</summary>
internal sealed class ConnectionOptions
{
    public Option<string?> Url { get; } = new("--url")
    {
        Description = "The controller; else OSAPI_URL, the configuration file, this machine's own osapi start, or a system made for this one command",
        Recursive = true,
    };

    public Option<string?> Token { get; } = new("--token") { Description = "The bearer token; else OSAPI_TOKEN or the configuration file", Recursive = true };

    public Option<string?> Config { get; } = new("--config") { Description = "The configuration file; else OSAPI_CONFIG or /etc/osapi/osapi.yaml", Recursive = true };

    public Option<string?> StateDir { get; } = new("--state-dir") { Description = "Where this machine's own system keeps its state; else OSAPI_STATE_DIR", Recursive = true };

    public void AddTo(Command command)
    {
        command.Options.Add(Url);
        command.Options.Add(Token);
        command.Options.Add(Config);
        command.Options.Add(StateDir);
    }

    public ConnectionChoice Read(ParseResult result, List<string> problems) =>
        ConnectionChoice.Make(result.GetValue(Url), result.GetValue(Token), result.GetValue(Config), StateDirectory.Resolve(result.GetValue(StateDir)), problems);
}
