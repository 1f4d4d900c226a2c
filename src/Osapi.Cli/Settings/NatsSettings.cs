namespace Osapi.Cli.Settings;

/// <summary>The settings of the section <c>nats</c>: the broker between controllers and agents.</summary>
internal static class NatsSettings
{
    public static Setting<IReadOnlyList<string>> Urls { get; } = new("nats.urls", SettingReaders.List(SettingTexts.Broker))
    {
        Summary = "The servers of the broker; the first that responds is used",
        Default = "`nats://127.0.0.1:4222`",
        Range = "`nats://HOST:PORT`, or `tls://HOST:PORT`",
        Shape = SettingShape.List,
        ApplyToNats = (nats, value) => value.Count > 0 ? nats with { Urls = value } : nats,
    };

    public static Setting<string> AllowInsecure { get; } = new("nats.allow_insecure", SettingReaders.One(SettingReaders.Choice(["true", "false"])))
    {
        Summary = "`true` to send a password to a broker beyond this machine without TLS: everyone on the way can read it",
        Default = "`false`",
        Range = "`true`, `false`",
    };

    public static Setting<string> User { get; } = new("nats.user", SettingReaders.One(SettingTexts.Text))
    {
        Summary = "The user; with `password` or `password_file`",
        Default = "none",
        Sample = "osapi",
        Range = "text",
        ApplyToNats = (nats, value) => nats with { User = value },
    };

    public static Setting<string> Password { get; } = new("nats.password", SettingReaders.One(SettingTexts.Text))
    {
        Summary = "Its password",
        Default = "none",
        Sample = "PASSWORD",
        Range = "text",
        IsSecret = true,
        ApplyToNats = (nats, value) => nats with { Password = value },
    };

    public static Setting<string> PasswordFile { get; } = new("nats.password_file", SettingReaders.One(SettingTexts.Path))
    {
        Summary = "A file with the password, instead of `nats.password`",
        Default = "none",
        Sample = ConfigurationFile.Directory + "/nats-password",
        Range = "a file",
    };

    public static Setting<string> NKeySeedFile { get; } = new("nats.nkey_seed_file", SettingReaders.One(SettingTexts.Path))
    {
        Summary = "The seed of an nkey, instead of a user",
        Default = "none",
        Sample = ConfigurationFile.Directory + "/osapi.nk",
        Range = "a file",
        ApplyToNats = (nats, value) => nats with { NKeySeedFile = value },
    };

    public static Setting<string> CredentialsFile { get; } = new("nats.credentials_file", SettingReaders.One(SettingTexts.Path))
    {
        Summary = "A `.creds` file, instead of a user",
        Default = "none",
        Sample = ConfigurationFile.Directory + "/osapi.creds",
        Range = "a file",
        ApplyToNats = (nats, value) => nats with { CredentialsFile = value },
    };

    public static Setting<string> TlsCa { get; } = new("nats.tls.ca", SettingReaders.One(SettingTexts.Path))
    {
        Summary = "The certificate authority of the broker's certificate",
        Default = "the machine's trusted authorities",
        Sample = ConfigurationFile.Directory + "/nats-ca.pem",
        Range = "a PEM file",
        ApplyToNats = (nats, value) => nats with { TlsCaFile = value },
    };

    public static Setting<string> TlsCertificate { get; } = new("nats.tls.certificate", SettingReaders.One(SettingTexts.Path))
    {
        Summary = "The client certificate",
        Default = "none",
        Sample = ConfigurationFile.Directory + "/nats.pem",
        Range = "a PEM file",
        ApplyToNats = (nats, value) => nats with { TlsCertificateFile = value },
    };

    public static Setting<string> TlsKey { get; } = new("nats.tls.key", SettingReaders.One(SettingTexts.Path))
    {
        Summary = "The client certificate's private key",
        Default = "none",
        Sample = ConfigurationFile.Directory + "/nats.key",
        Range = "a PEM file",
        ApplyToNats = (nats, value) => nats with { TlsKeyFile = value },
    };

    public static Setting<string> Prefix { get; } = new("nats.prefix", SettingReaders.One(SettingTexts.Prefix))
    {
        Summary = "The prefix of all names on the broker; each system on a shared broker needs its own",
        Default = "`osapi`",
        Range = "1 to 32 lower-case letters, digits and `-`",
        ApplyToNats = (nats, value) => nats with { Prefix = value },
    };

    public static Setting<string> InboxPrefix { get; } = new("nats.inbox_prefix", SettingReaders.One(SettingTexts.Subject))
    {
        Summary = "The prefix of reply subjects; with one per user of the broker, users cannot read each other's replies",
        Default = "`_INBOX`",
        Range = "words of letters, digits, `_`, `=` and `-`, separated by `.`",
        ApplyToNats = (nats, value) => nats with { InboxPrefix = value },
    };

    public static Setting<string> ApiPrefix { get; } = new("nats.api_prefix", SettingReaders.One(SettingTexts.ApiPrefix))
    {
        Summary = "The subject prefix of the JetStream API; an agent in its own account has a different one",
        Default = "`$JS.API`",
        Range = "words of letters, digits, `$`, `_`, `=` and `-`, separated by `.`",
        ApplyToNats = (nats, value) => nats with { ApiPrefix = value },
    };

    public static Setting<int?> Replicas { get; } = new("nats.replicas", SettingReaders.One(SettingTexts.Replicas))
    {
        Summary = "Number of replicas of each stream in a cluster; set by the controllers",
        Default = "`1`",
        Range = "1, 3 or 5",
        ApplyToNats = (nats, value) => nats with { Replicas = value ?? nats.Replicas },
    };

    public static IReadOnlyList<Setting> All => [Urls, AllowInsecure, User, Password, PasswordFile, NKeySeedFile, CredentialsFile, TlsCa, TlsCertificate, TlsKey, Prefix, InboxPrefix, ApiPrefix, Replicas];
}
