namespace Osapi.Cli.Settings;

/// <summary>The settings of the section <c>api.client</c>, for commands that call a controller.</summary>
internal static class ClientSettings
{
    public static Setting<string> Url { get; } = new("api.client.url", SettingReaders.One(SettingTexts.Unchanged))
    {
        Variable = "OSAPI_URL",
        Summary = "The controller that commands connect to",
        Default = "the system of this machine",
        Sample = "https://controller.example.com:8443",
        Range = "`http://HOST:PORT`, `https://HOST:PORT`",
    };

    public static Setting<string> BearerToken { get; } = new("api.client.security.bearer_token", SettingReaders.One(SettingTexts.Unchanged))
    {
        Variable = "OSAPI_TOKEN",
        Summary = "The bearer token of commands",
        Default = "none",
        Sample = "TOKEN",
        Range = "a token",
        IsSecret = true,
    };

    public static Setting<string> AllowInsecure { get; } = new("api.client.allow_insecure", SettingReaders.One(SettingReaders.Choice(["true", "false"])))
    {
        Variable = "OSAPI_ALLOW_INSECURE",
        Summary = "`true` to send the token to a controller beyond this machine with plain `http`: everyone on the way can read it and use it",
        Default = "`false`",
        Range = "`true`, `false`",
    };

    public static IReadOnlyList<Setting> All => [Url, BearerToken, AllowInsecure];
}
