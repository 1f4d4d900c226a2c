namespace Osapi.Cli.Connection;

/// <summary>Which controller a command talks to, and as whom.</summary>
/// <param name="Url">Its address; null for this machine's own system.</param>
/// <param name="Token">The bearer token; null when none was given.</param>
/// <param name="StateDirectory">Where this machine's own system keeps its state.</param>
internal sealed record ConnectionChoice(string? Url, string? Token, string StateDirectory)
{
    /// <summary>The first that is given: the option, the environment, the configuration file.</summary>
    public static ConnectionChoice Make(string? url, string? token, string? configPath, string stateDirectory, List<string> problems)
    {
        var config = ClientConfig.Load(configPath);
        ConnectionChoice choice = new(
            First(url, Environment.GetEnvironmentVariable("OSAPI_URL"), config.Url),
            First(token, Environment.GetEnvironmentVariable("OSAPI_TOKEN"), config.Token),
            stateDirectory);
        // Neither is repeated: an address may hold a password, and a token is one.
        if (choice.Url is { } address && !IsAddress(address))
            problems.Add("the controller's address (--url, OSAPI_URL or the configuration file) is none: expected http://HOST:PORT or https://HOST:PORT");
        if (choice.Token is { } secret && !secret.All(letter => letter is > ' ' and < '\x7f'))
            problems.Add("the token (--token, OSAPI_TOKEN or the configuration file) holds characters that no token has; is it a whole one, and alone?");
        return choice;
    }

    private static string? First(params ReadOnlySpan<string?> candidates)
    {
        foreach (var candidate in candidates)
            if (!string.IsNullOrEmpty(candidate))
                return candidate;
        return null;
    }

    private static bool IsAddress(string url) => Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https";
}
