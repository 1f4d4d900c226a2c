namespace Osapi.Cli.Settings;

/// <summary>The settings of the section <c>controller</c>.</summary>
internal static class ControllerSettings
{
    public static Setting<IReadOnlyList<Uri>> Listen { get; } = new("controller.listen", SettingReaders.List(SettingTexts.Listen))
    {
        Summary = "Where it listens on TCP; `0.0.0.0` is every address, port 0 any free one, an empty list none but the socket",
        Default = "`http://127.0.0.1:8080`",
        Range = "`http://IP:PORT`, or `https://IP:PORT` with a certificate",
        Shape = SettingShape.List,
        ApplyToController = (controller, value) => controller with { Urls = value },
    };

    public static Setting<string> Socket { get; } = new("controller.socket", SettingReaders.One(SettingTexts.Path))
    {
        Summary = "Its Unix socket, through which commands on this machine find it",
        Default = "`osapi.sock` in `state_dir`",
        Range = "a path of at most 107 bytes",
        ApplyToController = (controller, value) => controller with { Socket = value },
    };

    public static Setting<string> SigningKey { get; } = new("controller.signing_key", SettingReaders.One(SettingTexts.Path))
    {
        Summary = "The key that signs tokens, made when it is not there; controllers behind one balancer need the same",
        Default = "`signing.key` in `state_dir`",
        Range = "a file that only its owner can read",
        ApplyToController = (controller, value) => controller with { SigningKeyFile = value },
    };

    public static Setting<string> Certificate { get; } = new("controller.tls.certificate", SettingReaders.One(SettingTexts.Path))
    {
        Summary = "The certificate for `https`, followed by those between it and its root",
        Default = "none",
        Range = "a PEM file",
    };

    public static Setting<string> CertificateKey { get; } = new("controller.tls.key", SettingReaders.One(SettingTexts.Path))
    {
        Summary = "The certificate's private key",
        Default = "none",
        Range = "a PEM file without a passphrase",
    };

    public static Setting<TimeSpan?> KeepJobs { get; } = new(
        "controller.jobs.keep_for", SettingReaders.One(SettingTexts.Time(TimeSpan.FromHours(3), TimeSpan.FromDays(3650), "3h to 3650d")))
    {
        Summary = "How long jobs and their results can be read",
        Default = "`7d`",
        Range = "3h to 3650d",
        ApplyToController = (controller, value) => controller with { KeepJobs = value ?? controller.KeepJobs },
    };

    public static Setting<int?> KeepAtMost { get; } = new("controller.jobs.keep_most", SettingReaders.One(SettingTexts.Number(1, 100_000_000)))
    {
        Summary = "How many jobs that are over can be read, the newest",
        Default = "as many as there are",
        Range = "1 to 100000000",
        ApplyToController = (controller, value) => controller with { KeepAtMost = value },
    };

    public static Setting<TimeSpan?> KeepAgents { get; } = new(
        "controller.agents.keep_for", SettingReaders.One(SettingTexts.Time(TimeSpan.FromHours(1), TimeSpan.FromDays(3650), "1h to 3650d")))
    {
        Summary = "How long an agent that is not heard of stays in the list",
        Default = "`30d`",
        Range = "1h to 3650d",
        ApplyToController = (controller, value) => controller with { KeepAgents = value ?? controller.KeepAgents },
    };

    public static IReadOnlyList<Setting> All => [Listen, Socket, SigningKey, Certificate, CertificateKey, .. LimitSettings.All, KeepJobs, KeepAtMost, KeepAgents];
}
