using Osapi.Cli.Hosting;
using Osapi.Cli.Settings;

namespace Osapi.Cli.Connection;

/// <summary>The controller that a command connects to, and its credentials.</summary>
/// <param name="Url">The address of the controller; null for this machine's system.</param>
/// <param name="Token">The bearer token; null when none was given.</param>
/// <param name="Local">The location of this machine's system.</param>
internal sealed record ConnectionSettings(string? Url, string? Token, LocalSystem Local)
{
    /// <summary>Reads the settings from the configuration. Problems in sections that no client uses are not reported here.</summary>
    public static ConnectionSettings Make(Configuration configuration, List<string> problems)
    {
        configuration.CheckFile();
        ConnectionSettings settings = new(configuration.Get(ClientSettings.Url), configuration.Get(ClientSettings.BearerToken), LocalSystem.Of(configuration));
        // Neither value is repeated in a message: an address may contain a password, and a token is a secret.
        if (settings.Url is { } address && !IsAddress(address))
            problems.Add("the controller's address (--url, OSAPI_URL or the configuration file) is not valid: expected http://HOST:PORT or https://HOST:PORT");
        else if (settings is { Url: { } plain, Token.Length: > 0 } && InsecureAddresses.IsPlainBeyondMachine(new(plain)) && configuration.Get(ClientSettings.AllowInsecure) != "true")
            problems.Add($"the controller's address is plain http beyond this machine: everyone on the way could read the token and use it. Use https, or set {ClientSettings.AllowInsecure.Key} ({ClientSettings.AllowInsecure.Variable}) to true");
        if (settings.Token is { } secret && !secret.All(letter => letter is > ' ' and < '\x7f'))
            problems.Add("the token (--token, OSAPI_TOKEN or the configuration file) contains characters that are not valid in a token; is it complete, and without anything else?");
        return settings;
    }

    private static bool IsAddress(string url) => Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https";
}
