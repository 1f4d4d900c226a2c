using Osapi.Cli.Settings;

namespace Osapi.Cli.Connection;

/// <summary>Which controller a command talks to, and as whom.</summary>
/// <param name="Url">Its address; null for this machine's own system.</param>
/// <param name="Token">The bearer token; null when none was given.</param>
/// <param name="Local">Where this machine's own system is.</param>
internal sealed record ConnectionSettings(string? Url, string? Token, LocalSystem Local)
{
    /// <summary>What the configuration says. What is wrong with parts of it that no client reads is the business of those who do.</summary>
    public static ConnectionSettings Make(Configuration configuration, List<string> problems)
    {
        configuration.CheckFile();
        ConnectionSettings choice = new(configuration.Get(ClientSettings.Url), configuration.Get(ClientSettings.BearerToken), LocalSystem.Of(configuration));
        // Neither is repeated: an address may hold a password, and a token is one.
        if (choice.Url is { } address && !IsAddress(address))
            problems.Add("the controller's address (--url, OSAPI_URL or the configuration file) is none: expected http://HOST:PORT or https://HOST:PORT");
        if (choice.Token is { } secret && !secret.All(letter => letter is > ' ' and < '\x7f'))
            problems.Add("the token (--token, OSAPI_TOKEN or the configuration file) holds characters that no token has; is it a whole one, and alone?");
        return choice;
    }

    private static bool IsAddress(string url) => Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https";
}
