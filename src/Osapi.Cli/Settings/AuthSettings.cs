using Osapi.Controller.Auth;
using Osapi.Operations;

namespace Osapi.Cli.Settings;

/// <summary>The settings of the section <c>controller</c> about callers: keys for tokens, roles, an issuer, and client certificates.</summary>
internal static class AuthSettings
{
    public static Setting<string> TokenKeys { get; } = new("controller.token_keys", SettingReaders.One(SettingTexts.Path))
    {
        Summary = "A directory of further keys whose tokens are valid: secret keys (`NAME.key`) and public keys (`NAME.pem`, RSA or P-256); a change counts within a second",
        Default = "`token-keys` in `state_dir`",
        Sample = ConfigurationFile.Directory + "/token-keys",
        Range = "a directory",
        ApplyToController = (controller, value) => controller with { TokenKeysDirectory = value },
    };

    public static Setting<IReadOnlyDictionary<string, string>> CustomRoles { get; } = new(
        "controller.roles", SettingReaders.Map("a role", "a name that no built-in role has, and permissions separated by spaces", IsRole))
    {
        Summary = "Roles beside `admin`, `write` and `read`: the permissions of each, separated by spaces",
        Default = "none",
        Sample = "{deployer: file:read file:write}",
        Range = "names with permissions: `deployer: file:read file:write`",
        Shape = SettingShape.Map,
        ApplyToController = (controller, value) => controller with { Roles = Words(value) },
    };

    public static Setting<IReadOnlyDictionary<string, string>> Clients { get; } = new(
        "controller.tls.clients", SettingReaders.Map("a client", "the common name of a certificate, and roles separated by spaces", static (name, roles) => name.Length > 0 && WordsOf(roles).Length > 0))
    {
        Summary = "The roles of clients with a certificate of `client_ca`, by the common name of its subject, separated by spaces",
        Default = "none",
        Sample = "{ci-runner: write}",
        Range = "names with roles: `ci-runner: write`",
        Shape = SettingShape.Map,
        ApplyToController = (controller, value) => controller with { Clients = Words(value) },
    };

    public static Setting<string> ClientCa { get; } = new("controller.tls.client_ca", SettingReaders.One(SettingTexts.Path))
    {
        Summary = "The authorities that issue client certificates; a client may then use one instead of a token",
        Default = "none: client certificates are not asked for",
        Sample = ConfigurationFile.Directory + "/client-ca.pem",
        Range = "a PEM file",
    };

    public static Setting<string> OidcName { get; } = new("controller.oidc.issuer", SettingReaders.One(Issuer))
    {
        Summary = "An OpenID Connect issuer whose tokens are valid, too, exactly as its tokens name it",
        Default = "none",
        Sample = "https://login.example.com",
        Range = "an `https` address, or `http` on this machine",
    };

    public static Setting<string> OidcAudience { get; } = new("controller.oidc.audience", SettingReaders.One(SettingTexts.Text))
    {
        Summary = "The audience that a token of the issuer must name; required with an issuer",
        Default = "none",
        Sample = "osapi",
        Range = "text",
    };

    public static Setting<string> OidcRoles { get; } = new("controller.oidc.roles_claim", SettingReaders.One(SettingTexts.Text))
    {
        Summary = "The claim with the roles in tokens of the issuer",
        Default = "`roles`",
        Range = "text",
    };

    public static Setting<string> OidcPrefix { get; } = new("controller.oidc.subject_prefix", SettingReaders.One(SettingTexts.Text))
    {
        Summary = "The text before each subject of the issuer, so that it is never a subject of this system",
        Default = "`oidc:`",
        Range = "text",
    };

    public static Setting<string> OidcCa { get; } = new("controller.oidc.ca", SettingReaders.One(SettingTexts.Path))
    {
        Summary = "The certificate authority of the issuer's certificate",
        Default = "the machine's trusted authorities",
        Sample = ConfigurationFile.Directory + "/issuer-ca.pem",
        Range = "a PEM file",
    };

    public static IReadOnlyList<Setting> All => [TokenKeys, CustomRoles, ClientCa, Clients, OidcName, OidcAudience, OidcRoles, OidcPrefix, OidcCa];

    /// <summary>Reads the issuer; null when there is none or a part of it is missing.</summary>
    public static OidcOptions? ReadOidc(Configuration configuration)
    {
        SettingPairs.RequireBoth(configuration, OidcName, OidcAudience);
        var ca = SettingPairs.File(configuration, OidcCa);
        return configuration.Get(OidcName) is { } issuer && configuration.Get(OidcAudience) is { } audience
            ? new() { IssuerName = issuer, Audience = audience, RolesClaim = configuration.Get(OidcRoles), SubjectPrefix = configuration.Get(OidcPrefix), CaFile = ca }
            : null;
    }

    private static bool IsRole(string name, string permissions) =>
        name.Length > 0 && !Roles.BuiltIn.ContainsKey(name) && WordsOf(permissions) is { Length: > 0 } words && words.All(Permissions.All.Contains);

    private static (string?, string?) Issuer(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && OidcOptions.IsSafe(address) && address is { UserInfo: "", Query: "", Fragment: "" }
            ? (text, null)
            : (null, $"'{SettingReaders.Excerpt(text)}' is not an issuer: expected an https address");

    private static string[] WordsOf(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static Dictionary<string, IReadOnlyList<string>> Words(IReadOnlyDictionary<string, string> map) => map.ToDictionary(entry => entry.Key, entry => (IReadOnlyList<string>)WordsOf(entry.Value));
}
