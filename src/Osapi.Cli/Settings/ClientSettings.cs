namespace Osapi.Cli.Settings;

/// <summary>The settings of the section <c>api.client</c>, for commands that call a controller.</summary>
internal static class ClientSettings
{
    public static Setting<string> Url { get; } = new("api.client.url", SettingReaders.One(SettingTexts.Unchanged))
    {
        Variable = "OSAPI_URL",
        Summary = "The controller that commands connect to",
        Default = "the system of this machine",
        Range = "`http://HOST:PORT`, `https://HOST:PORT`",
    };

    public static Setting<string> BearerToken { get; } = new("api.client.security.bearer_token", SettingReaders.One(SettingTexts.Unchanged))
    {
        Variable = "OSAPI_TOKEN",
        Summary = "The bearer token of commands",
        Default = "none",
        Range = "a token",
        IsSecret = true,
    };

    public static IReadOnlyList<Setting> All => [Url, BearerToken];
}
