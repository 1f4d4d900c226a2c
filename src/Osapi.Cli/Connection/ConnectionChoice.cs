namespace Osapi.Cli.Connection;

/// <summary>Which controller a command talks to, and as whom.</summary>
/// <param name="Url">Its address; null for this machine's own system.</param>
/// <param name="Token">The bearer token; null when none was given.</param>
/// <param name="StateDirectory">Where this machine's own system keeps its state.</param>
internal sealed record ConnectionChoice(string? Url, string? Token, string StateDirectory)
{
    /// <summary>The first that is given: the option, the environment, the configuration file.</summary>
    public static ConnectionChoice Make(string? url, string? token, string? configPath, string stateDirectory)
    {
        var config = ClientConfig.Load(configPath);
        return new(
            Check(First(url, Environment.GetEnvironmentVariable("OSAPI_URL"), config.Url)),
            First(token, Environment.GetEnvironmentVariable("OSAPI_TOKEN"), config.Token),
            stateDirectory);
    }

    private static string? First(params ReadOnlySpan<string?> candidates)
    {
        foreach (var candidate in candidates)
            if (!string.IsNullOrEmpty(candidate))
                return candidate;
        return null;
    }

    private static string? Check(string? url) =>
        url is null || Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https"
            ? url
            : throw new CommandException(ExitCode.BadInput, $"'{url}' is not an address: expected http://HOST:PORT or https://HOST:PORT");
}
