namespace Osapi.Cli.Settings;

/// <summary>The settings of the section <c>nats</c>: the broker between controllers and agents.</summary>
internal static class NatsSettings
{
    public static Setting<IReadOnlyList<string>> Urls { get; } = new("nats.urls", SettingReaders.List(SettingTexts.Broker))
    {
        Summary = "Its servers; any that answers will do",
        Default = "`nats://127.0.0.1:4222`",
        Range = "`nats://HOST:PORT`, or `tls://HOST:PORT`",
        Shape = SettingShape.List,
        ApplyToNats = (nats, value) => value.Count > 0 ? nats with { Urls = value } : nats,
    };

    public static Setting<string> User { get; } = new("nats.user", SettingReaders.One(SettingTexts.Text))
    {
        Summary = "The user; with `password` or `password_file`",
        Default = "none",
        Range = "text",
        ApplyToNats = (nats, value) => nats with { User = value },
    };

    public static Setting<string> Password { get; } = new("nats.password", SettingReaders.One(SettingTexts.Text))
    {
        Summary = "Its password",
        Default = "none",
        Range = "text",
        IsSecret = true,
        ApplyToNats = (nats, value) => nats with { Password = value },
    };

    public static Setting<string> PasswordFile { get; } = new("nats.password_file", SettingReaders.One(SettingTexts.Path))
    {
        Summary = "A file that holds the password instead",
        Default = "none",
        Range = "a file",
    };

    public static Setting<string> NKeySeedFile { get; } = new("nats.nkey_seed_file", SettingReaders.One(SettingTexts.Path))
    {
        Summary = "The seed of an nkey, instead of a user",
        Default = "none",
        Range = "a file",
        ApplyToNats = (nats, value) => nats with { NKeySeedFile = value },
    };

    public static Setting<string> CredentialsFile { get; } = new("nats.credentials_file", SettingReaders.One(SettingTexts.Path))
    {
        Summary = "A `.creds` file, instead of a user",
        Default = "none",
        Range = "a file",
        ApplyToNats = (nats, value) => nats with { CredentialsFile = value },
    };

    public static Setting<string> TlsCa { get; } = new("nats.tls.ca", SettingReaders.One(SettingTexts.Path))
    {
        Summary = "Who signed the broker's certificate, when the machine does not know",
        Default = "what the machine trusts",
        Range = "a PEM file",
        ApplyToNats = (nats, value) => nats with { TlsCaFile = value },
    };

    public static Setting<string> TlsCertificate { get; } = new("nats.tls.certificate", SettingReaders.One(SettingTexts.Path))
    {
        Summary = "A certificate to show to the broker",
        Default = "none",
        Range = "a PEM file",
        ApplyToNats = (nats, value) => nats with { TlsCertificateFile = value },
    };

    public static Setting<string> TlsKey { get; } = new("nats.tls.key", SettingReaders.One(SettingTexts.Path))
    {
        Summary = "The private key of that certificate",
        Default = "none",
        Range = "a PEM file",
        ApplyToNats = (nats, value) => nats with { TlsKeyFile = value },
    };

    public static Setting<string> Prefix { get; } = new("nats.prefix", SettingReaders.One(SettingTexts.Prefix))
    {
        Summary = "What the names of everything on the broker begin with; two systems on one broker need two",
        Default = "`osapi`",
        Range = "1 to 32 small letters, digits and `-`",
        ApplyToNats = (nats, value) => nats with { Prefix = value },
    };

    public static Setting<string> InboxPrefix { get; } = new("nats.inbox_prefix", SettingReaders.One(SettingTexts.Subject))
    {
        Summary = "The subject below which answers come; one for each user of the broker keeps them from hearing each other's",
        Default = "`_INBOX`",
        Range = "words of letters, digits, `_`, `=` and `-`, separated by `.`",
        ApplyToNats = (nats, value) => nats with { InboxPrefix = value },
    };

    public static Setting<string> ApiPrefix { get; } = new("nats.api_prefix", SettingReaders.One(SettingTexts.ApiPrefix))
    {
        Summary = "What the subjects of JetStream's requests begin with; an agent in an account of its own has another one",
        Default = "`$JS.API`",
        Range = "words of letters, digits, `$`, `_`, `=` and `-`, separated by `.`",
        ApplyToNats = (nats, value) => nats with { ApiPrefix = value },
    };

    public static Setting<int?> Replicas { get; } = new("nats.replicas", SettingReaders.One(SettingTexts.Replicas))
    {
        Summary = "On how many servers of a cluster everything is kept; controllers decide it",
        Default = "`1`",
        Range = "1, 3 or 5",
        ApplyToNats = (nats, value) => nats with { Replicas = value ?? nats.Replicas },
    };

    public static IReadOnlyList<Setting> All => [Urls, User, Password, PasswordFile, NKeySeedFile, CredentialsFile, TlsCa, TlsCertificate, TlsKey, Prefix, InboxPrefix, ApiPrefix, Replicas];
}
